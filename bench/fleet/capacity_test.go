package fleet

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"busybench/bench/protocol"
)

func TestGrowRejectsAFleetThatDoesNotFit(t *testing.T) {
	const tooMuch = 1 << 50
	for _, c := range []struct {
		name      string
		footprint footprint
		want      []string // in the error
	}{
		{
			"files",
			footprint{exec: "process", files: tooMuch},
			[]string{
				"3 writers (exec=process) need about ", " file descriptors", "ulimit -n",
			},
		},
		{
			"threads",
			footprint{exec: "process", threads: tooMuch},
			[]string{" threads", "kernel.", "allows"},
		},
		{
			"memory",
			footprint{exec: "goroutine", memory: tooMuch},
			[]string{"exec=goroutine", "need about 3221225728 MiB of memory", "allows"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &Fleet{footprint: c.footprint, start: func(int) (Member, error) {
				t.Error("a writer was started")
				return &fake{log: &callLog{}}, nil
			}}
			err := f.Grow(3)
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error is %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not contain %q", err, want)
				}
			}
		})
	}
}

func TestOthersThatDoNotFitAreNamed(t *testing.T) {
	err := goroutines(t, Options{TransactionBytes: 1 << 50, Others: 2}).Fits(3)
	for _, want := range []string{
		"1 writer and 2 other participants (exec=goroutine)", "writers or readers",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q in it", err, want)
		}
	}
}

// A writer that shares connections with others needs its socket only.
func TestTheFilesOfOneProcess(t *testing.T) {
	const limit = 1 << 50 // more than any machine allows
	for _, c := range []struct {
		name    string
		options Options
		want    string
	}{
		{"a connection each", Options{}, "need about 5629499534"},
		{"shared connections", Options{SharedConns: 1}, "need about 2251799813"},
		{"many shared connections", Options{SharedConns: limit / 4}, "need about 3377699720"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := OneProcess(c.options, os.Args[0])
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := f.Fits(limit); err == nil || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(err.Error(), " (exec=goroutine) ") {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}

func TestFitsCountsTheRowsOfTransactions(t *testing.T) {
	err := goroutines(t, Options{TransactionBytes: 1 << 50}).Fits(1)
	if err == nil || !strings.Contains(err.Error(), "MiB of memory") {
		t.Errorf("error is %v", err)
	}
}

func TestProcessesStayWithinTheirFootprint(t *testing.T) {
	for _, axes := range []string{"", "busy=queue:30s txn=immediate"} {
		t.Run("axes="+axes, func(t *testing.T) {
			const n = 20
			task := newTask(t, axes)
			files, threads := count(t, "/proc/self/fd"), count(t, "/proc/self/task")
			f := processes(t)
			for range 3 {
				if _, err := f.Round(plan(n, task)); err != nil {
					t.Fatal(err)
				}
			}
			shared := 1 // for standard error
			if more := count(t, "/proc/self/fd") - files; more > n*int(f.footprint.files)+shared {
				t.Errorf("%d processes use %d files of this process, not %d each",
					n, more, f.footprint.files)
			}
			if more := count(t, "/proc/self/task") - threads; more >= n {
				t.Errorf("%d processes use %d threads of this process", n, more)
			}
			// Go never ends a thread, so these are all that a process ever had.
			for number, m := range f.members {
				task := fmt.Sprintf("/proc/%d/task", m.(*process).pid)
				if got := count(t, task); got > int(f.footprint.threads) {
					t.Errorf("writer %d has %d threads, not %d", number, got, f.footprint.threads)
				}
			}
		})
	}
}

// A goroutine of the program may have its files and a thread there.
func TestOneProcessStaysWithinItsFootprint(t *testing.T) {
	for _, axes := range []string{"", "busy=queue:30s txn=immediate"} {
		t.Run("axes="+axes, func(t *testing.T) {
			const n = 20
			task := newTask(t, "exec=goroutine "+axes)
			files, threads := count(t, "/proc/self/fd"), count(t, "/proc/self/task")
			f := oneProcess(t, Options{})
			for range 3 {
				if _, err := f.Round(plan(n, task)); err != nil {
					t.Fatal(err)
				}
			}
			shared := 1 // for standard error
			more := count(t, "/proc/self/fd") - files
			if more > n+shared+processHandle {
				t.Errorf("%d participants use %d files of this process", n, more)
			}
			if more := count(t, "/proc/self/task") - threads; more >= n {
				t.Errorf("%d participants use %d threads of this process", n, more)
			}
			pid := f.members[0].(*process).pid
			if got := count(t, fmt.Sprintf("/proc/%d/task", pid)); got > n+goOwnThreads {
				t.Errorf("the program has %d threads for %d participants", got, n)
			}
			if got := count(t, fmt.Sprintf("/proc/%d/fd", pid)); got > n+goOwnFiles {
				t.Errorf("the program has %d files after the rounds", got)
			}
		})
	}
}

const (
	processHandle = 1
	goOwnThreads  = 12
	goOwnFiles    = 12
)

// count returns the number of entries of a directory.
func count(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPeakMemoryIsWithinTheEstimate(t *testing.T) {
	if testing.Short() {
		t.Skip("writes hundreds of megabytes")
	}
	if raceDetector() {
		t.Skip("the race detector uses memory of its own")
	}
	const transactionBytes = 20_000_000
	for _, axes := range []string{
		"exec=process writers=1 batch=1 journal=delete txn=auto",
		"exec=process writers=1 batch=1 journal=wal txn=immediate",
		"exec=process writers=1 batch=4 journal=delete txn=immediate",
		"exec=process writers=1 batch=4 journal=wal txn=auto",
		"exec=goroutine writers=1 batch=1 journal=wal txn=immediate",
		"exec=goroutine writers=4 batch=1 journal=delete txn=auto",
	} {
		t.Run(axes, func(t *testing.T) {
			task := newTask(t, axes+" sync=off")
			s := &task.Scenario
			s.Payload = transactionBytes / s.Batch
			peak, f := peakMemory(t, task)
			estimate := int64(s.Writers) * (f.memory + rowCopies*transactionBytes)
			if peak > estimate {
				t.Errorf("the peak is %d bytes, above the estimate of %d", peak, estimate)
			}
		})
	}
}

// raceDetector reports whether this test binary was built with -race.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// peakMemory makes several bursts and returns the peak resident memory of the process that has the
// writers.
func peakMemory(t *testing.T, task protocol.Task) (int64, footprint) {
	t.Helper()
	if task.Scenario.Exec == "process" {
		f := processes(t)
		if err := makeBursts(f, task); err != nil {
			t.Fatal(err)
		}
		return readPeakMemory(t, f.members[0].(*process).pid), processFootprint
	}
	h := startHelper(t, "goroutines")
	if err := json.NewEncoder(h.stdin).Encode(task); err != nil {
		t.Fatal(err)
	}
	if line := h.line(t); line != "done" {
		t.Fatalf("the helper printed %q", line)
	}
	return readPeakMemory(t, h.cmd.Process.Pid), goroutineFootprint
}

// makeBursts makes several bursts, in which the garbage of one adds to the memory of the next.
func makeBursts(f *Fleet, task protocol.Task) error {
	for seed := range uint64(8) {
		task.Seed = seed
		if _, err := f.Round(plan(task.Scenario.Writers, task)); err != nil {
			return err
		}
	}
	return nil
}

// readPeakMemory returns the largest resident memory that a process ever had (VmHWM in
// proc_pid_status(5)).
func readPeakMemory(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		value, ok := strings.CutPrefix(line, "VmHWM:")
		if !ok {
			continue
		}
		kB, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("peak memory is %.1f MiB", float64(kB)/1024)
		return kB << 10
	}
	t.Fatalf("no VmHWM in the status of process %d", pid)
	return 0
}
