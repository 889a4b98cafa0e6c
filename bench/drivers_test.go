package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// ownDriver is a value of -driver: this program, which is a writer if it is started as one.
func ownDriver(name string) string { return name + "='" + os.Args[0] + "'" }

// scriptDriver returns a value of -driver: a shell script that prints text and waits for the end of
// its input.
func scriptDriver(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "writer.sh")
	script := "printf '%s\\n' '" + text + "'\nexec cat >/dev/null\n"
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return name + "=sh " + path
}

// poorHello is the hello of a driver that can do little and does not report the write lock.
const poorHello = `{"op":"hello","protocol":7,"pid":1,"driver":{"name":"lib","version":"1",` +
	`"sqlite":"3.40.1","compile_options":["THREADSAFE=1"],"capabilities":{"roles":["writer"],` +
	`"busy":["timeout"],"txn":["auto"],"conn":["fresh","held"]}}}`

func TestDriversInOneMatrix(t *testing.T) {
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Burst", "-driver", ownDriver("mine"),
		"-axes", "exec=process journal=wal writers=2 sync=off driver=zombiezen,mine"))
	for _, want := range []string{
		"\ndriver-mine: " + sqlitedb.Driver + ", SQLite " + sqlitedb.Version + ", THREADSAFE=",
		"\ndriver-zombiezen: " + sqlitedb.Driver + "\n",
		"\nBenchmarkBurst/exec=process/journal=wal/writers=2/driver=zombiezen-",
		"\nBenchmarkBurst/exec=process/journal=wal/writers=2/driver=mine-",
		" lockheld-%",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	requireEmpty(t, dir)
}

// The harness has no bare loop of another driver to compare an attempt with.
func TestCostsOfAnotherDriver(t *testing.T) {
	out := output(t, command(t.TempDir(), "-test.bench", "Harness", "-driver", ownDriver("mine"),
		"-axes", "exec=process writers=1 journal=wal driver=zombiezen,mine"))
	rows := 0
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "BenchmarkHarness/") {
			rows++
			if !strings.Contains(line, " private-B/writer") ||
				strings.Contains(line, " overhead-ns") {
				t.Errorf("no private memory, or an overhead, in %s", line)
			}
		}
	}
	if rows != 2 || !strings.Contains(out, "\n# not measured: overhead-ns; ") {
		t.Errorf("%d rows, want 2, or the overhead is not named:\n%s", rows, out)
	}
}

// The goroutines of another driver are in one process of its program.
func TestTheGoroutinesOfADriver(t *testing.T) {
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Burst|Sustained", "-driver", ownDriver("mine"),
		"-round", "20ms", "-axes", "exec=goroutine,process journal=wal writers=3 conn=pool:2 "+
			"readers=1 sync=off driver=zombiezen,mine"))
	for _, want := range []string{
		"\nBenchmarkBurst/exec=goroutine/journal=wal/writers=3/driver=zombiezen-",
		"\nBenchmarkBurst/exec=goroutine/journal=wal/writers=3/driver=mine-",
		"\nBenchmarkSustained/exec=goroutine/journal=wal/writers=3/driver=mine-",
		"\nBenchmarkSustained/exec=process/journal=wal/writers=3/driver=mine-",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	requireEmpty(t, dir)
}

// goDriver builds a driver of drivers/go and returns a value of -driver.
func goDriver(t *testing.T, name, cgo string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-C", "drivers/go", "-o", path, "./"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name + "=" + path
}

// Writers and readers that share one connection cannot meet a lock, even without a timeout. Nor can
// writers that take turns. Those with a connection each do.
func TestGoroutinesOverDatabaseSQLTakeTurns(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	modernc := goDriver(t, "modernc", "0")
	const none = "\t         0 "
	for axes, areLocked := range map[string]bool{
		"conn=pool readers=2": false, "conn=mutex": false, "conn=held": true,
	} {
		t.Run(axes, func(t *testing.T) {
			out := output(t, command(t.TempDir(), "-test.bench", "Sustained", "-round", "100ms",
				"-driver", modernc, "-axes", "exec=goroutine journal=delete writers=4 busy=none "+
					"txn=immediate hold=2ms driver=modernc "+axes))
			if got := !strings.Contains(out, none+"lockerr-%"); got != areLocked {
				t.Errorf("there are lock errors: %v, want %v\n%s", got, areLocked, out)
			}
			if !strings.Contains(out, none+"readerr-%") ||
				strings.Contains(axes, "readers") == strings.Contains(out, none+"reads/s") {
				t.Errorf("reads failed, or there are none\n%s", out)
			}
		})
	}
}

// A transaction of another connection to the same cache is in the way, whatever the timeout.
func TestASharedCacheIsLockedAtOnce(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed")
	}
	out := output(t, command(t.TempDir(), "-test.bench", "Burst", "-driver",
		goDriver(t, "mattn", "1"), "-axes", "exec=goroutine journal=wal writers=4 conn=held "+
			"busy=5s txn=immediate hold=100ms driver=mattn cache=private,shared"))
	_, shared, _ := strings.Cut(out, "/cache=shared")
	for _, want := range []string{
		"x SQLITE_LOCKED_SHAREDCACHE in begin, ", "leave out cache=shared, or ",
	} {
		if !strings.Contains(shared, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "meanwhile") {
		t.Errorf("output is\n%s", out)
	}
}

// A driver that cannot do a cold start is rejected before anything runs.
func TestADriverForAColdStart(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Open", "-driver", scriptDriver(t, "poor", poorHello),
		"-axes", "exec=process driver=poor")
	cmd.Stderr = nil
	out, err := cmd.CombinedOutput()
	const want = "-bench: driver poor cannot do a cold start; select other benchmarks than Open"
	if err == nil || !strings.Contains(string(out), want) ||
		strings.Contains(string(out), "goos:") {
		t.Errorf("error is %v, output is\n%s", err, out)
	}
	text := output(t, command(dir, "-test.bench", "Open", "-driver", ownDriver("mine"),
		"-axes", "exec=process writers=2 file=delete order=timeout-first driver=zombiezen,mine"))
	if !strings.Contains(text, "/driver=mine-") {
		t.Errorf("output is\n%s", text)
	}
}

// The benchmark checks what each start leaves in the file.
func TestPythonStartsOnEveryFile(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	script, err := filepath.Abs("drivers/python/writer.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, axes := range []string{
		"busy=retry:30s", "busy=queue:30s order=timeout-first,pragma-first",
		"busy=retry:30s txn=deferred,immediate,upgrade migrate=once,each file=delete",
		"busy=5s journal=delete",
	} {
		t.Run(axes, func(t *testing.T) {
			out := output(t, command(t.TempDir(), "-test.bench", "Open", "-test.benchtime", "1x",
				"-driver", "python='"+python+"' '"+script+"'",
				"-axes", "exec=process writers=2 driver=python "+axes))
			if !strings.Contains(out, " lockerr-%") {
				t.Errorf("output is\n%s", out)
			}
		})
	}
}

// One driver is a setting. It ends with its benchmark: others have the driver of this program.
func TestOneDriverIsASetting(t *testing.T) {
	out := output(t, command(t.TempDir(), "-test.bench", "Burst|Ceiling/disk=append",
		"-round", "1ms", "-driver", ownDriver("mine"),
		"-axes", "exec=process journal=wal writers=1 sync=off driver=mine"))
	_, out, _ = strings.Cut(out, "\ndriver: mine\n")
	burst, rest, ok := strings.Cut(out, "\ndriver: "+sqlitedb.Driver+"\n")
	if !ok || !strings.Contains(burst, "BenchmarkBurst/") || strings.Contains(burst, "Ceiling/") {
		t.Errorf("after \"driver: mine\" comes:\n%s\nand then:\n%s", burst, rest)
	}
}

func TestUnitsThatADriverLacksAreLeftOut(t *testing.T) {
	axes, err := scenario.Parse("exec=process driver=zombiezen,poor")
	if err != nil {
		t.Fatal(err)
	}
	poor := programs{"poor": driver{}}
	units, comment := poor.lacking(axes)
	if strings.Join(units, " ") != "lockidle-% lockheld-% open-% wait-% begin-% insert-% "+
		"commit-% close-%" || !strings.HasPrefix(comment, "# not measured: lockidle-% ") ||
		!strings.Contains(comment, "driver poor ") {
		t.Errorf("lacking are %q: %s", units, comment)
	}
	rich := driver{}
	rich.Capabilities.LockInstants = true
	if units, comment := (programs{"poor": rich}).lacking(axes); units != nil || comment != "" {
		t.Errorf("of a driver with all instants, %q are left out: %s", units, comment)
	}
}

func TestADriverIsRefusedBeforeTheFirstRound(t *testing.T) {
	for _, c := range []struct{ name, bench, driver, axes, want string }{
		{"it does not exist", "Burst", "mine=/nonexistent/writer", "",
			"-driver: mine: start writer 0"},
		{"it prints nothing and exits", "Burst", "mine=true", "",
			"-driver: mine: 1 of 1 writers failed"},
		{"it speaks another protocol", "Burst",
			scriptDriver(t, "mine", `{"op":"hello","protocol":4}`), "",
			"speaks protocol 4, not 7"},
		{"it has no goroutines", "Burst", scriptDriver(t, "mine", poorHello),
			"exec=goroutine,process",
			"-axes: driver mine cannot do exec=goroutine; it can do process"},
		{"it lacks a busy policy", "Burst", scriptDriver(t, "mine", poorHello), "busy=none,5s",
			"-axes: driver mine cannot do busy=none; it can do timeout"},
		{"it has no readers", "Burst", scriptDriver(t, "mine", poorHello), "readers=4",
			"-axes: driver mine cannot do readers=4; leave readers out"},
		{"it has no command", "Burst", ownDriver("other"), "driver=other,third",
			"-axes: driver third has no command; give -driver third=COMMAND"},
		{"no selected benchmark has the axis", "Ceiling", "mine=true", "",
			`axis "driver" has an effect in Burst, Sustained, Harness, Limit, Open and PowerLoss`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			axes := c.axes
			if !strings.Contains(axes, "driver=") {
				axes += " driver=mine"
			}
			if !strings.Contains(axes, "exec=") {
				axes += " exec=process"
			}
			cmd := command(dir, "-test.bench", c.bench, "-driver", c.driver, "-axes", axes)
			cmd.Stderr = nil
			out, err := cmd.Output()
			exit, _ := err.(*exec.ExitError)
			if exit == nil || exit.ExitCode() != 2 || len(out) > 0 {
				t.Fatalf("%v: %s", err, out)
			}
			text := string(exit.Stderr)
			if !strings.Contains(text, c.want) || strings.Count(text, "\n") != 1 {
				t.Errorf("error is %s, want %s in one line", text, c.want)
			}
			requireEmpty(t, dir)
		})
	}
}
