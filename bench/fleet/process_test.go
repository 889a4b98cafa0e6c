package fleet

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/arrivals"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// processes returns a fleet of writers that are this test binary, with a misbehavior as argument or
// without.
func processes(t *testing.T, args ...string) *Fleet {
	t.Helper()
	f, err := Commands(Options{}, os.Args[0], args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// newTask creates an empty database and returns a task on it. A test calls it before it starts
// processes, so that these are closed before the directory is removed.
func newTask(t *testing.T, axes string) protocol.Task {
	t.Helper()
	s, err := scenario.Single(axes, "exec=process journal=wal writers=1 conn=fresh busy=30s")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return protocol.Task{Scenario: s, Database: path}
}

// goroutines returns a fleet of goroutines.
func goroutines(t *testing.T, o Options) *Fleet {
	t.Helper()
	f, err := Goroutines(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// exists reports whether a process exists. Wait removes one that has exited.
func exists(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestProcessesMakeManyRoundsWhileTheFleetGrows(t *testing.T) {
	f := processes(t)
	var before []int
	for _, n := range []int{2, 2, 5} {
		round, err := f.Round(plan(n, newTask(t, "")))
		if err != nil {
			t.Fatal(err)
		}
		var pids []int
		for number, u := range round.Usages {
			w := round.Writers[number]
			if len(w.Outcomes) != 1 || !w.Outcomes[0].Acknowledged() ||
				u.CPU < u.AttemptsCPU || u.AttemptsCPU <= 0 {
				t.Errorf("writer %d of %d reports %+v, %+v", number, n, u, w)
			}
			if u.PID == os.Getpid() || slices.Contains(pids, u.PID) {
				t.Errorf("writer %d of %d has no process of its own: %d", number, n, u.PID)
			}
			pids = append(pids, u.PID)
		}
		if !slices.Equal(pids[:len(before)], before) {
			t.Errorf("processes %v became %v", before, pids)
		}
		before = pids
	}
	if private, err := f.PrivateBytes(); err != nil || private < 5*100_000 {
		t.Errorf("5 processes have %d private bytes, %v", private, err)
	}
	if used, err := f.CPUTime(); err != nil || used < 5*100*time.Microsecond {
		t.Errorf("5 processes have used %v of processor time, %v", used, err)
	}
	f.Close()
	for _, pid := range before {
		if exists(pid) {
			t.Errorf("process %d exists after the fleet was closed", pid)
		}
	}
}

// Grow returns after the hello, so that the cost of starting writers can be measured.
func TestGrowChecksTheHello(t *testing.T) {
	f := processes(t, "wrong-version")
	err := f.Grow(1)
	if err == nil || !strings.Contains(err.Error(), "speaks protocol 0, not 7") {
		t.Errorf("error is %v", err)
	}
}

func TestAHelloMustNameADriver(t *testing.T) {
	err := processes(t, "no-driver").Grow(1)
	if err == nil || !strings.Contains(err.Error(), "names no driver in its hello") {
		t.Errorf("error is %v", err)
	}
}

func TestDriverIsThatOfTheHello(t *testing.T) {
	d, err := Describe([]string{os.Args[0]})
	if err != nil || !strings.Contains(d.String(), ", SQLite "+sqlitedb.Version+", ") ||
		!strings.Contains(d.String(), "THREADSAFE=") {
		t.Errorf("driver is %q, %v", d, err)
	}
}

// What the driver lacks is refused once, not by each writer.
func TestARoundThatTheDriverCannotDoIsRefused(t *testing.T) {
	task := newTask(t, "busy=queue driver=mine")
	f := processes(t, "exit-in-round")
	_, err := f.Round(plan(2, task))
	const want = "driver mine cannot do busy=queue; it can do timeout"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestReleaseAndIDsAreTheSameForGoroutinesAndProcesses(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		t.Run(exec, func(t *testing.T) {
			const seed = 7
			task := newTask(t, "conn=held sync=off")
			task.Seed = seed
			f := goroutines(t, Options{})
			if exec == "process" {
				f = processes(t)
			}
			round, err := f.Round(sustained(plan(3, task), 20*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			for number, w := range round.Writers {
				if len(w.Outcomes) == 0 {
					continue // it was scheduled too late
				}
				if early := round.Release - w.Outcomes[0].Start; early > 1e6 {
					t.Errorf("writer %d began %d ns early", number, early)
				}
				if want := writer.NewIDs(seed, number).Next(); w.IDs[0] != want {
					t.Errorf("the first id of writer %d is %v, want %v", number, w.IDs[0], want)
				}
			}
		})
	}
}

func TestAKilledWriterIsNamed(t *testing.T) {
	task := newTask(t, "conn=held")
	f := processes(t)
	if _, err := f.Round(plan(3, task)); err != nil {
		t.Fatal(err)
	}
	killed := f.members[1].(*process)
	if err := syscall.Kill(killed.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	killed.wait()
	_, err := f.Round(plan(3, task))
	want := fmt.Sprintf(
		"1 of 3 writers failed: writer 1: process %d exited unexpectedly (signal: killed)",
		killed.pid)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestAMisbehavingWriterIsNamedAndKilled(t *testing.T) {
	for misbehavior, want := range map[string]string{
		"no-json":       "invalid character",
		"wrong-version": "speaks protocol 0, not 7",
		"no-hello":      `sent "ready", expected one of ["hello"]`,
		"early-exit": "exited unexpectedly (exit status 3); " +
			"standard error of the writers: panic: test",
		"error":                ": no disk ",
		"never-counted":        "did not end its last counted attempt within",
		"no-outcome":           "did not hand over its outcomes within",
		"missing-outcome":      "reports 1 attempts but handed over 0 outcomes",
		"outcome-without-rows": "reports an outcome of 0 rows, not 1",
		"empty-outcome":        `sent "outcome"`,
		"extra-outcome":        "reports 1 attempts but handed over 2 outcomes",
		"extra-ready":          `sent "ready", expected one of ["counted"]`,
	} {
		t.Run(misbehavior, func(t *testing.T) {
			p := plan(1, newTask(t, ""))
			p.Length = time.Hour // unused in a burst
			p.Timeout = 0
			f := processes(t, misbehavior)
			_, err := f.Round(p)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %s", err, want)
			}
			pid := f.members[0].(*process).pid
			f.Close()
			if exists(pid) {
				t.Errorf("process %d exists after the fleet was closed", pid)
			}
		})
	}
}

func TestALongErrorOfAWriterIsShortened(t *testing.T) {
	_, err := processes(t, "error").Round(plan(1, newTask(t, "")))
	if err == nil {
		t.Fatal("no error")
	}
	text := err.Error()
	if !strings.Contains(text, ": no disk  ") || !strings.HasSuffix(text, "  end of the error") ||
		len(text) > 2*protocol.MaxText {
		t.Errorf("error is %.2000s", text)
	}
}

func TestHandshakeTimesOutWithoutAHello(t *testing.T) {
	m, err := processes(t, "no-answer").start(0)
	if err != nil {
		t.Fatal(err)
	}
	defer end([]Member{m}, Member.Kill)
	err = m.Handshake(time.Now())
	if err == nil || !strings.Contains(err.Error(), os.ErrDeadlineExceeded.Error()) {
		t.Errorf("error is %v", err)
	}
}

func TestAMissingProgramIsNamed(t *testing.T) {
	f, err := Commands(Options{}, "/nonexistent/program")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = f.Round(plan(1))
	if err == nil || !strings.Contains(err.Error(), "/nonexistent/program") {
		t.Errorf("error is %v", err)
	}
}

func TestKillAllKillsProcessesAndPreventsStarts(t *testing.T) {
	old := children
	children = newRegistry()
	t.Cleanup(func() { children = old })
	f := processes(t)
	if err := f.Grow(3); err != nil {
		t.Fatal(err)
	}
	KillAll()
	for _, m := range f.members {
		if pid := m.(*process).pid; exists(pid) {
			t.Errorf("process %d exists", pid)
		}
	}
	if err := f.Grow(4); err == nil {
		t.Error("a process started after KillAll")
	}
}

func TestAStoppedProcessExitsByItself(t *testing.T) {
	f := processes(t)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	members := f.members
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, m := range members {
		if state := m.(*process).cmd.ProcessState; !state.Exited() || state.ExitCode() != 0 {
			t.Errorf("a stopped writer exited with %v", state)
		}
	}
}

// A writer that is killed has not written its file.
func TestCloseOfAGracefulFleetNamesAKilledProcess(t *testing.T) {
	f := processes(t)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	f.members[1].Kill()
	err := f.Close()
	for _, want := range []string{
		"1 of 2 writers failed: writer 1: process",
		"exited with signal: killed",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

// In an open loop each arrival before the deadline is served once, by any of the writers.
func TestEachArrivalIsServedOnce(t *testing.T) {
	o := Options{OpenLoop: true}
	inProcesses, err := Processes(o)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*Fleet{
		"goroutines": goroutines(t, o), "processes": inProcesses, "one process": oneProcess(t, o),
	} {
		t.Run(name, func(t *testing.T) {
			defer f.Close()
			for seed := range uint64(2) {
				task := newTask(t, "writers=3 conn=held busy=queue rate=500")
				task.Seed = seed
				const length = 100 * time.Millisecond
				round, err := f.Round(sustained(plan(3, task), length))
				if err != nil {
					t.Fatal(err)
				}
				var served []int64
				for _, w := range round.Writers {
					for _, o := range round.Counted(w) {
						served = append(served, o.Intended-round.Release)
					}
				}
				slices.Sort(served)
				want := arrivals.Poisson(seed, 500, length)
				if !slices.Equal(served, want) {
					t.Errorf("arrivals %v were served, want %v", served, want)
				}
			}
		})
	}
}

// In a sustained round no writer stops before the counted attempts of all writers have ended. One
// that stops after its own would do so in every round, since they write one after the other. One
// that is not scheduled for some time may do so in a few.
func TestTheLoadStaysUntilAllCountedAttemptsHaveEnded(t *testing.T) {
	for name, f := range map[string]*Fleet{
		"goroutines": goroutines(t, Options{}), "processes": processes(t),
		"one process": oneProcess(t, Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			var stopped string
			for range 20 {
				task := newTask(t, "writers=4 conn=held busy=queue")
				round, err := f.Round(sustained(plan(4, task), 20*time.Millisecond))
				if err != nil {
					t.Fatal(err)
				}
				if stopped = findStopped(round.Round); stopped == "" {
					return
				}
			}
			t.Error(stopped)
		})
	}
}

// findStopped describes a writer whose last attempt ended before the last counted one of a round,
// if there is one.
func findStopped(round outcome.Round) string {
	var lastCounted int64
	for _, w := range round.Writers {
		if counted := round.Counted(w); len(counted) > 0 {
			lastCounted = max(lastCounted, counted[len(counted)-1].End)
		}
	}
	for number, w := range round.Writers {
		n := len(w.Outcomes)
		if n == 0 || w.Outcomes[n-1].End < lastCounted {
			return fmt.Sprintf("writer %d stopped before the counted attempts ended: %+v",
				number, w.Outcomes[max(0, n-2):])
		}
	}
	return ""
}

// Readers read beside the writers, in a burst until its last attempt has ended.
func TestReadersReadUntilTheRoundIsOver(t *testing.T) {
	for name, f := range map[string]*Fleet{
		"goroutines": goroutines(t, Options{}), "processes": processes(t),
		"one process": oneProcess(t, Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			task := newTask(t, "readers=2 read=hold:1h batch=3")
			burst, err := f.Round(plan(3, task))
			if err != nil {
				t.Fatal(err)
			}
			requireReads(t, burst, 2)
			task.Scenario.Read = scenario.Read{Kind: scenario.Point}
			task.Scenario.Readers = 1
			lasting, err := f.Round(sustained(plan(4, task), 20*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			requireReads(t, lasting, 1)
			if burst.WALBytes() == 0 || lasting.WALBytes() == 0 {
				t.Errorf("the logs had %d and %d bytes", burst.WALBytes(), lasting.WALBytes())
			}
		})
	}
}

// requireReads requires a number of readers, each of which read after the release. The first read
// of a round is open until the end in a burst with read=hold:1h.
func requireReads(t *testing.T, round Round, readers int) {
	t.Helper()
	if len(round.Readers) != readers || len(round.Usages) != len(round.Writers)+readers {
		t.Fatalf("%d series of readers, %d usages", len(round.Readers), len(round.Usages))
	}
	for number, r := range round.Readers {
		if round.Mode == outcome.Burst && (len(r.Outcomes) != 1 ||
			r.Outcomes[0].End < round.End()) {
			t.Errorf("reader %d ended before %d: %+v", number, round.End(), r.Outcomes)
		}
		for _, o := range r.Outcomes {
			if o.Phase != outcome.Read || o.Start < round.Release-1e6 || len(r.IDs) != 0 {
				t.Errorf("reader %d reports %+v", number, o)
			}
		}
	}
}

func TestACheckpointerAndAnIntruderTakePart(t *testing.T) {
	for name, f := range map[string]*Fleet{
		"goroutines": goroutines(t, Options{}), "processes": processes(t),
		"one process": oneProcess(t, Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			task := newTask(t, "batch=2 readers=1 checkpoint=passive:1ms intruder=bulk:4")
			round, err := f.Round(sustained(plan(2, task), 50*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			if len(round.Writers) != 2 || len(round.Readers) != 1 || len(round.Usages) != 5 ||
				len(round.Checkpointers) != 1 || len(round.Intruders) != 1 {
				t.Fatalf("the participants are %+v", round)
			}
			c, i := round.Checkpointers[0], round.Intruders[0]
			if len(c.Outcomes) == 0 || len(c.IDs) != 0 ||
				c.Outcomes[0].Phase != outcome.Checkpoint {
				t.Errorf("the checkpointer reports %+v", c)
			}
			if len(i.Outcomes) != 1 || len(i.IDs) != 4 || i.Outcomes[0].Phase != outcome.Bulk {
				t.Errorf("the intruder reports %+v", i)
			}
		})
	}
}

// A table that breaks what writers promise fails the round.
func TestARoundWithAFailedReadFails(t *testing.T) {
	for name, f := range map[string]*Fleet{
		"goroutines": goroutines(t, Options{}), "processes": processes(t),
		"one process": oneProcess(t, Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			task := newTask(t, "readers=1 read=hold:1ms")
			task.Scenario.Rows = 1000 // there are none
			_, err := f.Round(plan(1, task))
			if err == nil || !strings.Contains(err.Error(),
				"1 of 2 participants failed: reader 0: ") ||
				!strings.Contains(err.Error(), "rows, fewer than the 1000 before") {
				t.Errorf("error is %v", err)
			}
		})
	}
}
