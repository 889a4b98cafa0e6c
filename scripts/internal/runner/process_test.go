package runner

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
)

// The test binary is also the script, and the benchmarks that it runs, in the tests of whole
// processes. BENCH names what the benchmarks do.

// roleVariable makes the test binary a script, or another process of the tests.
const roleVariable = "BUSYBENCH_TEST_RUNNER"

// fifoVariable names the named pipe that a compiler keeps open.
const fifoVariable = "BUSYBENCH_TEST_FIFO"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); {
	case role == "":
		os.Exit(m.Run())
	case slices.Contains(os.Args, "-test.list=^$"):
		checkFakeFlags()
	case slices.Contains(os.Args, "-test.list=^BenchmarkBurst$"):
		fmt.Println("BenchmarkBurst")
	case slices.Contains(os.Args, "-test.bench"):
		fakeBenchmarks()
	case role == "compiler":
		if _, err := os.OpenFile(os.Getenv(fifoVariable), os.O_WRONLY, 0); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		for {
			unix.Pause()
		}
	case role == "parent of a script":
		startScript()
	case role == "script on a full disk":
		// A stand-in for a disk that is full after 8 KiB.
		signal.Ignore(syscall.SIGXFSZ)
		limit := unix.Rlimit{Cur: 8 << 10, Max: math.MaxInt64}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		runScript()
	default:
		runScript()
	}
}

// runScript is a script's main function with benchmarks that need no build.
func runScript() {
	target := command.Bench
	target.Settings = slices.Clone(target.Settings)
	for i, s := range target.Settings {
		switch s.Name {
		case "COUNT":
			target.Settings[i].Default = "1"
		case "LABEL":
			target.Settings[i].Default = "x"
		}
	}
	config := Config{Target: target,
		build: func(_ context.Context, dir string, stderr io.Writer) (string, error) {
			fmt.Fprintln(stderr, "builds into", dir)
			return os.Executable()
		}}
	Main(config, func(_ context.Context, out io.Writer, output Output) error {
		if output.Old != nil {
			fmt.Fprintln(out, "compares with", output.Old.Path)
		}
		_, err := fmt.Fprintln(out, "reports", output.Path)
		return err
	})
}

// startScript starts a script in the background and waits to be killed.
func startScript() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=script")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	for {
		unix.Pause()
	}
}

// checkFakeFlags rejects some flags as the benchmarks do.
func checkFakeFlags() {
	for _, arg := range os.Args {
		if strings.HasPrefix(arg, "busybench: ") || strings.HasPrefix(arg, "invalid value ") {
			fmt.Fprintln(os.Stderr, arg)
			os.Exit(statusBadFlags)
		}
	}
}

// fakeBenchmarks prints a result and does what -test.bench names. It has a file in the directory of
// -dir until it ends.
func fakeBenchmarks() {
	flag := func(name string) string { return os.Args[slices.Index(os.Args, name)+1] }
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	left := filepath.Join(flag("-dir"), "left")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	switch flag("-test.bench") {
	case "wait":
		fmt.Print(result)
		<-signals
	case "turns":
		seed := os.Args[slices.IndexFunc(os.Args, isSeed)]
		fmt.Printf("# %s%s", seed, "\n"+result)
		note(filepath.Base(os.Args[0]) + " " + seed)
	case "many":
		for len(signals) == 0 {
			fmt.Print(result)
		}
	case "terminal":
		for n := range 3 {
			fmt.Fprintf(os.Stderr, "status %d\r", n)
		}
		fmt.Print(result)
	default:
		fmt.Print(result)
	}
	os.Remove(left)
}

func isSeed(arg string) bool { return strings.HasPrefix(arg, "-seed=") }

// note appends a line to the file "turns".
func note(line string) {
	file, err := os.OpenFile("turns", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(file, line)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	file.Close()
}

// script is a started script in a directory of its own.
type script struct {
	*exec.Cmd
	dir    string
	pipe   io.Closer
	stderr *bufio.Reader
}

func newScript(t *testing.T, role, bench string) script {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "disk"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), roleVariable+"="+role, "DIR=disk", "BENCH="+bench)
	return script{Cmd: cmd, dir: dir}
}

// start starts the script with its standard error in a pipe. A script that never ends fails the
// test after a minute.
func (s *script) start(t *testing.T) {
	t.Helper()
	stderr, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	s.pipe, s.stderr = stderr, bufio.NewReader(stderr)
	timer := time.AfterFunc(time.Minute, func() { s.Process.Kill(); stderr.Close() })
	t.Cleanup(func() { timer.Stop(); s.Process.Kill() })
}

// waitFor reads standard error up to the end of a text.
func (s *script) waitFor(t *testing.T, text string) {
	t.Helper()
	var all strings.Builder
	for {
		char, err := s.stderr.ReadByte()
		all.WriteByte(char)
		if strings.HasSuffix(all.String(), text) {
			return
		}
		if err != nil {
			t.Fatalf("%v before %q, after:\n%s", err, text, &all)
		}
	}
}

// requireInterrupted asks that the script and the benchmarks removed all files except the partial
// one, which has a result.
func (s *script) requireInterrupted(t *testing.T) {
	t.Helper()
	requireNoFile(t, filepath.Join(s.dir, "disk", "left"))
	if left, err := os.ReadDir(filepath.Join(s.dir, ".build")); err != nil || len(left) > 0 {
		t.Errorf("left in .build: %v, %v", left, err)
	}
	partial := filepath.Join(s.dir, "results", "x.partial.txt")
	text, err := os.ReadFile(partial)
	if err != nil || !strings.HasSuffix(string(text), result) {
		t.Errorf("the partial file holds %.200q, %v", text, err)
	}
	requireNoFile(t, filepath.Join(s.dir, "results", "x.txt"))
}

func TestAScriptEndsOnEachSignal(t *testing.T) {
	for _, sig := range lifetime.Signals {
		if sig == syscall.SIGPIPE {
			continue // only with a closed output, see below
		}
		name := unix.SignalName(sig.(syscall.Signal))
		t.Run(name, func(t *testing.T) {
			s := newScript(t, "script", "wait")
			s.start(t)
			s.waitFor(t, "run 1/1")
			s.Process.Signal(sig)
			s.waitFor(t, "bench: interrupted: got "+name+"; what was measured until then is in ")
			if err := s.Wait(); err == nil || s.ProcessState.ExitCode() != 1 {
				t.Errorf("ended with %v", err)
			}
			s.requireInterrupted(t)
		})
	}
}

func TestAScriptEndsWhenItsOutputIsClosed(t *testing.T) {
	s := newScript(t, "script", "many")
	s.start(t)
	s.waitFor(t, "run 1/1")
	s.pipe.Close()
	if err := s.Wait(); err == nil || s.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	s.requireInterrupted(t)
}

func TestAScriptEndsWithItsParent(t *testing.T) {
	s := newScript(t, "parent of a script", "wait")
	s.start(t)
	s.waitFor(t, "run 1/1")
	s.Process.Kill()
	s.waitFor(t, "bench: interrupted: the parent process exited")
	s.waitFor(t, "\n")
	if _, err := s.stderr.ReadString('\n'); err != io.EOF {
		t.Errorf("the script still has its output open: %v", err)
	}
	s.requireInterrupted(t)
}

func TestAFullResultsDiskIsNamed(t *testing.T) {
	s := newScript(t, "script on a full disk", "many")
	s.start(t)
	s.waitFor(t, "bench: write results/x.partial.txt: file too large; what was measured")
	if err := s.Wait(); err == nil || s.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	s.requireInterrupted(t)
}

// With "stty tostop" the kernel stops a background process group that writes to its terminal.
func TestATerminalWithTostopDoesNotStopTheBenchmarks(t *testing.T) {
	s := newScript(t, "script", "terminal")
	master := s.startOnTerminal(t)
	out, _ := io.ReadAll(master) // an error ends it when all processes have closed the terminal
	if err := s.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	for _, want := range []string{"status 2", "run 1/1", "reports results/x.txt"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("printed %q, without %q", out, want)
		}
	}
}

// The last status line is cleared before an error.
func TestAnErrorOnATerminalHasALineOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		name, bench string
		interrupt   bool
		want        string
	}{
		{"a bad flag", "busybench: -dir: no directory", false, "bench: DIR: no directory\r\n"},
		{"an interrupt", "wait", true, "bench: interrupted: got SIGINT; what was measured"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t, "script", c.bench)
			s.stderr = bufio.NewReader(s.startOnTerminal(t))
			if c.interrupt {
				s.waitFor(t, "run 1/1")
				s.Process.Signal(os.Interrupt)
			}
			rest, _ := io.ReadAll(s.stderr)
			if !strings.Contains(string(rest), "\r\x1b[K"+c.want) {
				t.Errorf("printed %q, without a cleared line before %q", rest, c.want)
			}
			if err := s.Wait(); err == nil {
				t.Error("ended without an error")
			}
		})
	}
}

// startOnTerminal starts the script on a terminal of its own, and returns the terminal's master.
func (s *script) startOnTerminal(t *testing.T) *os.File {
	t.Helper()
	master, slave := openTerminal(t)
	s.Stdin, s.Stdout, s.Stderr = slave, slave, slave
	s.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	pid := s.Process.Pid
	timer := time.AfterFunc(time.Minute, func() { syscall.Kill(-pid, syscall.SIGKILL) })
	t.Cleanup(func() { timer.Stop() })
	return master
}

// openTerminal opens a pseudoterminal (pty(7)) of 80 columns with tostop.
func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd = int(slave.Fd())
	settings, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	settings.Lflag |= unix.TOSTOP
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, settings); err != nil {
		t.Fatal(err)
	}
	size := unix.Winsize{Row: 24, Col: 80}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &size); err != nil {
		t.Fatal(err)
	}
	return master, slave
}

func TestEachRunBuildsIntoItsOwnDirectory(t *testing.T) {
	var dirs []string
	for range 2 {
		s := newScript(t, "script", "")
		out, err := s.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		_, dir, _ := strings.Cut(string(out), "builds into ")
		dir, _, _ = strings.Cut(dir, "\n")
		if !strings.Contains(dir, ".build/.busybench-") || slices.Contains(dirs, dir) {
			t.Errorf("built into %q after %q", dir, dirs)
		}
		dirs = append(dirs, dir)
	}
}

func TestSettingsAreCheckedBeforeTheBuild(t *testing.T) {
	s := newScript(t, "script", "")
	s.Env = append(s.Env, "LABEL=/dev/null")
	out, err := s.CombinedOutput()
	want := "bench: LABEL=/dev/null: /dev/null is not a regular file; give another LABEL\n"
	if err == nil || string(out) != want {
		t.Errorf("printed %q, %v, want %q", out, err, want)
	}
}

func TestBadFlagsGetOneLineWithTheVariable(t *testing.T) {
	for text, want := range map[string]string{
		`busybench: -dir: "/nope" does not exist`:              `DIR: "/nope" does not exist`,
		`busybench: -bench: no benchmark matches "X"`:          `BENCH: no benchmark matches "X"`,
		`invalid value "x=1" for flag -axes: unknown axis`:     `bad AXES "x=1": unknown axis`,
		`invalid value "\" for flag -x: b" for flag -round: c`: `bad ROUND "\" for flag -x: b": c`,
		`busybench: -profile: no directory`:                    `-profile: no directory`,
		`busybench: something else`:                            `something else`,
	} {
		t.Run(want, func(t *testing.T) {
			s := newScript(t, "script", text)
			out, err := s.CombinedOutput()
			_, message, _ := strings.Cut(string(out), "\n") // after the line on the build
			if err == nil || message != "bench: "+want+"\n" {
				t.Errorf("printed %q, %v, want %q", message, err, want)
			}
			requireNoFile(t, filepath.Join(s.dir, "results", "x.partial.txt"))
		})
	}
}

func TestASnapshotBeginsWithCommandTimeAndRevision(t *testing.T) {
	s := newScript(t, "script", "some")
	if out, err := s.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "results", "x.txt"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 3 || lines[0] != "# make bench BENCH='some' DIR='disk'" ||
		!strings.HasPrefix(lines[1], "# begun 20") || lines[2] != "# revision unknown" {
		t.Errorf("the snapshot begins with %q", lines)
	}
}
