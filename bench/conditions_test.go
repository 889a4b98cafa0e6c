package bench

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/wait"
)

// limited runs the benchmarks under a limit that a shell's ulimit sets. It returns what they print
// and whether they fail.
func limited(t *testing.T, limit string, args ...string) (out string, failed bool) {
	t.Helper()
	dir := t.TempDir()
	script := limit + `; exec "$0" "$@"`
	shell := exec.Command("sh", append([]string{"-c", script}, command(dir, args...).Args...)...)
	text, err := shell.CombinedOutput()
	requireEmpty(t, dir)
	return string(text), err != nil
}

// A file may not grow beyond a limit, as on a full disk: the round fails with SQLite's text, and
// the next one succeeds.
func TestFileSizeLimit(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		for _, journal := range []string{"delete", "wal"} {
			t.Run(exec+"/"+journal, func(t *testing.T) {
				s := scenarioFor(t, "exec="+exec+" journal="+journal+" writers=1 payload=3000000")
				restore := limitFileSize(t, 1_000_000)
				err := oneRound(t, s)
				restore()
				if err == nil || !strings.HasPrefix(err.Error(), "writer 0: ") ||
					!strings.Contains(err.Error(), ": SQLITE_IOERR_WRITE: ") ||
					!strings.Contains(err.Error(), "disk I/O error") {
					t.Error(err)
				}
				if err := oneRound(t, s); err != nil {
					t.Errorf("the next round: %v", err)
				}
			})
		}
	}
}

// oneRound makes a burst with a fleet of its own.
func oneRound(t *testing.T, s scenario.Scenario) error {
	t.Helper()
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.fleet.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, err = r.next()
	return err
}

// limitFileSize bounds the files of this process, and of those that it starts, until restore is
// called.
func limitFileSize(t *testing.T, bytes uint64) (restore func()) {
	t.Helper()
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	set := func(limit unix.Rlimit) {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
	}
	set(unix.Rlimit{Cur: bytes, Max: before.Max})
	return func() { set(before) }
}

// A benchmark that needs too many descriptors is rejected in one line before any writer starts, and
// the others go on.
func TestTooFewDescriptors(t *testing.T) {
	out, failed := limited(t, "ulimit -n 200", "-test.bench", "Burst", "-test.benchtime", "1x",
		"-axes", "exec=process journal=wal writers=2000,2")
	for _, want := range []string{
		"2000 writers (exec=process) need about ",
		"the limit of open files (ulimit -n) allows 200",
		"\nBenchmarkBurst/exec=process/journal=wal/writers=2-",
	} {
		if !failed || !strings.Contains(out, want) {
			t.Errorf("failed: %v, no %q in\n%s", failed, want, out)
		}
	}
}

func TestNoMemoryForTheFleet(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	out, err := command(dir, "-test.bench", "Burst", "-test.benchtime", "1x",
		"-axes", "exec=process journal=wal writers=100 payload=999999000,1").Output()
	for _, want := range []string{
		"MiB of memory",
		"\nBenchmarkBurst/exec=process/journal=wal/writers=100/payload=1-",
	} {
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("ended with %v, no %q in\n%s", err, want, out)
		}
	}
	requireEmpty(t, dir)
}

// Nothing in an axis, a path or a file name is run as a command.
func TestNoShellReadsArguments(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "a dir; touch hello $(touch hello) 'quoted'")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(base, "trace $(touch hello).json")
	cmd := command(dir, "-test.bench", "Burst", "-test.benchtime", "1x",
		"-axes", "exec=process writers=1", "-timeline", file)
	cmd.Dir = base
	output(t, cmd)
	requireEmpty(t, dir)
	bad := command(dir, "-test.bench", "Burst", "-axes", "writers=$(touch${IFS}hello)")
	bad.Dir = base
	if err := bad.Run(); err == nil {
		t.Error("a command was accepted as a number")
	}
	if entries, err := filepath.Glob(filepath.Join(base, "*")); err != nil || len(entries) != 2 {
		t.Errorf("there are %q, %v", entries, err)
	}
}

// A file is moved away while it is written. With a rollback journal SQLite notices; in WAL mode the
// audit does.
func TestDatabaseIsMovedAwayUnderItsWriters(t *testing.T) {
	skipIfShort(t)
	for journal, want := range map[string]string{
		"delete": "SQLITE_READONLY_DBMOVED: ",
		"wal":    "unable to open database file",
	} {
		for _, exec := range []string{"goroutine", "process"} {
			t.Run(exec+"/"+journal, func(t *testing.T) {
				axes := "exec=" + exec + " journal=" + journal + " writers=2 conn=held busy=30s"
				s := scenarioFor(t, axes)
				// On a slow disk no writer may notice in a short round.
				var err error
				for length := 500 * time.Millisecond; length < 4*time.Minute; length *= 4 {
					err = movedAway(t, s, length)
					if err != nil && strings.Contains(err.Error(), want) {
						return
					}
				}
				t.Errorf("error is %v, want %s", err, want)
			})
		}
	}
}

// movedAway makes a round whose file is moved away as soon as a writer has written to it.
func movedAway(t *testing.T, s scenario.Scenario, length time.Duration) error {
	t.Helper()
	r, err := newRounds(env, s, outcome.Sustained)
	if err != nil {
		t.Fatal(err)
	}
	defer r.fleet.Close()
	r.length = length
	return r.withFreshFile(func(db database, seed uint64) error {
		before, err := os.Stat(db.path)
		if err != nil {
			return err
		}
		moved := make(chan error, 1)
		go func() {
			wait.Until(t, "a writer writes", func() bool { return written(db.path, before.Size()) })
			moved <- os.Rename(db.path, db.path+".moved")
		}()
		_, err = runOn(r.fleet, db, r.plan(seed))
		_, auditErr := db.audit()
		return errors.Join(<-moved, err, auditErr)
	})
}

// written reports whether a database or its log has grown.
func written(path string, before int64) bool {
	file, err := os.Stat(path)
	if err == nil && file.Size() > before {
		return true
	}
	log, err := os.Stat(path + "-wal")
	return err == nil && log.Size() > 0
}

// Runs in one directory keep to their own files, and remove those of a run that was killed.
func TestRunsInOneDirectory(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	long := startRound(t, dir, "exec=process journal=wal writers=2")
	long.Process.Kill()
	long.Wait()
	if err := os.Remove(filepath.Join(dir, "anatomy")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	runs := make(chan error)
	for _, exec := range []string{"goroutine", "process"} {
		go func() {
			cmd := command(dir, "-test.bench", "Burst|Sustained", "-test.benchtime", "3x",
				"-round", "100ms", "-axes", "writers=3 busy=queue exec="+exec,
				"-anatomy", filepath.Join(dir, "anatomy")) // removes what the killed run left of it
			out, err := cmd.Output()
			if err != nil {
				err = fmt.Errorf("%w: %s%s", err, out, cmd.Stderr)
			}
			runs <- err
		}()
	}
	for range 2 {
		if err := <-runs; err != nil {
			t.Error(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "anatomy")); err != nil {
		t.Error(err)
	}
	requireEmpty(t, dir)
}
