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
)

// limited runs the benchmarks under a limit that a shell's ulimit sets, and returns what they print and whether they fail.
func limited(t *testing.T, limit string, args ...string) (out string, failed bool) {
	t.Helper()
	dir := t.TempDir()
	shell := exec.Command("sh", append([]string{"-c", limit + `; exec "$0" "$@"`}, command(dir, args...).Args...)...)
	text, err := shell.CombinedOutput()
	requireEmpty(t, dir)
	return string(text), err != nil
}

// A file may not grow beyond a limit, as on a full disk: the round fails with what SQLite says, and the next one is as good as new.
func TestFileSizeLimit(t *testing.T) {
	for _, axes := range []string{"exec=goroutine journal=delete", "exec=process journal=delete", "exec=goroutine journal=wal", "exec=process journal=wal"} {
		r, err := newRounds(env, scenarioFor(t, axes+" writers=1 payload=3000000"), outcome.Burst)
		if err != nil {
			t.Fatal(err)
		}
		restore := limitFileSize(t, 1_000_000)
		_, err = r.next()
		restore()
		if err == nil || !strings.HasPrefix(err.Error(), "writer 0: ") || !strings.Contains(err.Error(), ": SQLITE_IOERR_WRITE: ") || !strings.Contains(err.Error(), "disk I/O error") {
			t.Errorf("%s: %v", axes, err)
		}
		if err := r.fleet.Close(); err != nil {
			t.Error(err)
		}
		again, err := newRounds(env, r.scenario, outcome.Burst)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.next(); err != nil {
			t.Errorf("%s: the next round: %v", axes, err)
		}
		if err := again.fleet.Close(); err != nil {
			t.Error(err)
		}
	}
}

// limitFileSize bounds the files of this process, and of those that it starts, until restore is called.
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

// Too few descriptors or processes for one benchmark: it is refused in a line before anything starts, and the others go on.
func TestTooFewDescriptors(t *testing.T) {
	out, failed := limited(t, "ulimit -n 200", "-test.bench", "Burst", "-test.benchtime", "1x", "-axes", "exec=process journal=wal writers=2000,2")
	if !failed || !strings.Contains(out, "2000 writers (exec=process) need about ") || !strings.Contains(out, "the limit of open files (ulimit -n) allows 200") {
		t.Errorf("failed: %v,\n%s", failed, out)
	}
	if !strings.Contains(out, "\nBenchmarkBurst/exec=process/journal=wal/writers=2-") {
		t.Errorf("the other benchmark did not run:\n%s", out)
	}
}

func TestNoMemoryForTheFleet(t *testing.T) {
	dir := t.TempDir()
	out, err := command(dir, "-test.bench", "Burst", "-test.benchtime", "1x", "-axes", "exec=process journal=wal writers=100 payload=999999000,1").Output()
	if err == nil || !strings.Contains(string(out), "MiB of memory") {
		t.Errorf("ended with %v:\n%s", err, out)
	}
	if !strings.Contains(string(out), "\nBenchmarkBurst/exec=process/journal=wal/writers=100/payload=1-") {
		t.Errorf("the other benchmark did not run:\n%s", out)
	}
	requireEmpty(t, dir)
}

// Nothing that an axis, a path or a file's name holds is taken for a command.
func TestNoShellReadsWhatIsGiven(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "a dir; touch hello $(touch hello) 'quoted'")
	if err := exec.Command("mkdir", dir).Run(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(base, "trace $(touch hello).json")
	cmd := command(dir, "-test.bench", "Burst", "-test.benchtime", "1x", "-axes", "exec=process writers=1", "-timeline", file)
	cmd.Dir = base
	if out, err := cmd.Output(); err != nil {
		t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
	}
	requireEmpty(t, dir)
	bad := command(dir, "-test.bench", "Burst", "-axes", "writers=$(touch${IFS}hello)")
	bad.Dir = base
	if err := bad.Run(); err == nil {
		t.Error("a command was taken for a number")
	}
	if entries, err := filepath.Glob(filepath.Join(base, "*")); err != nil || len(entries) != 2 {
		t.Errorf("there are %q, %v", entries, err)
	}
}

// Somebody moves the file away while it is written. With a rollback journal SQLite notices; in WAL mode the audit does.
func TestAFileThatIsMovedAwayUnderItsWriters(t *testing.T) {
	for journal, want := range map[string]string{
		"delete": "SQLITE_READONLY_DBMOVED: ",
		"wal":    "unable to open database file",
	} {
		for _, exec := range []string{"goroutine", "process"} {
			s := scenarioFor(t, "exec="+exec+" journal="+journal+" writers=2 conn=held busy=30s")
			length := 500 * time.Millisecond
			err := movedAway(t, s, length)
			for ; length < time.Minute && (err == nil || !strings.Contains(err.Error(), want)); length *= 4 { // on a slow disk
				err = movedAway(t, s, 4*length)
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: %v, want %s", exec, journal, err, want)
			}
		}
	}
}

// movedAway makes a round whose file is moved away as soon as somebody has written to it.
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
			waitUntil(t, "somebody writes", func() bool { return written(db.path, before.Size()) })
			moved <- os.Rename(db.path, db.path+".moved")
		}()
		_, err = runOn(r.fleet, db, r.plan(seed))
		return errors.Join(<-moved, err)
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

// Runs in one directory keep to their own files, and clear those of a dead one only.
func TestRunsInOneDirectory(t *testing.T) {
	dir := t.TempDir()
	long := command(dir, "-test.bench", "Sustained", "-round", "10m", "-axes", "exec=process journal=wal writers=2")
	if err := long.Start(); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "writers insert", func() bool { return inserting(dir) })
	long.Process.Kill()
	long.Wait()
	runs := make(chan error)
	for _, exec := range []string{"goroutine", "process"} {
		go func() {
			cmd := command(dir, "-test.bench", "Burst|Sustained", "-test.benchtime", "3x", "-round", "100ms", "-axes", "writers=3 exec="+exec)
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
	requireEmpty(t, dir)
}
