package fleet

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// A fleet that does not fit is refused before any writer is started, in one line with the figure.
func TestAFleetThatDoesNotFitIsRefused(t *testing.T) {
	const much = 1 << 50
	for _, c := range []struct {
		footprint footprint
		says      []string
	}{
		{footprint{exec: "process", files: much}, []string{"3 writers (exec=process) need about ", " file descriptors", "ulimit -n"}},
		{footprint{exec: "process", threads: much}, []string{" threads", "kernel.", "allows"}},
		{footprint{exec: "goroutine", memory: much}, []string{"exec=goroutine", "need about 3221225728 MiB of memory", "allows"}},
	} {
		f := &Fleet{footprint: c.footprint, start: func(int) (Member, error) {
			t.Errorf("%+v: a writer was started", c.footprint)
			return &fake{log: &log{}}, nil
		}}
		err := f.Grow(3)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: error is %v", c.footprint, err)
			continue
		}
		for _, want := range c.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %q does not say %q", c.footprint, err, want)
			}
		}
	}
}

func TestRowsCountAsMemory(t *testing.T) {
	f := Goroutines(Options{})
	f.options.TransactionBytes = 1 << 50
	if err := f.Fits(1); err == nil || !strings.Contains(err.Error(), "MiB of memory") {
		t.Errorf("error is %v", err)
	}
}

// What Fits counts with must be what writers take. Memory is left to BenchmarkHarness.
func TestNeedsAreEnough(t *testing.T) {
	const n = 20
	files, threads := count(t, "/proc/self/fd"), count(t, "/proc/self/task")
	f := processes(t)
	if _, err := f.Round(plan(n, newTask(t, ""))); err != nil {
		t.Fatal(err)
	}
	if more := count(t, "/proc/self/fd") - files; more > n*int(processFootprint.files)+1 { // the last for standard error
		t.Errorf("%d processes take %d files here, not %d each", n, more, processFootprint.files)
	}
	if more := count(t, "/proc/self/task") - threads; more >= n {
		t.Errorf("%d processes take %d threads here, while nobody waits for them", n, more)
	}
	for _, m := range f.members {
		pid := m.(*process).pid
		if got := count(t, "/proc/"+strconv.Itoa(pid)+"/task"); got > int(processFootprint.threads) {
			t.Errorf("a process has %d threads, not %d", got, processFootprint.threads)
		}
	}
}

func count(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
