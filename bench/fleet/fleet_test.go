package fleet

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// fake is a writer that only logs the calls of its methods.
type fake struct {
	number int
	log    *callLog
	errs   map[string]error // by method
}

// callLog has a line such as "prepare 0" for each call.
type callLog struct {
	mu    sync.Mutex
	lines []string
}

// call logs a call and returns the method's error.
func (f *fake) call(method string) error {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	f.log.lines = append(f.log.lines, fmt.Sprint(method, " ", f.number))
	return f.errs[method]
}

func (f *fake) Handshake(time.Time) error { return f.errs["handshake"] }

func (f *fake) Prepare(t protocol.Task) error {
	if t.Role == outcome.Reader {
		return f.call(fmt.Sprintf("prepare reader %d as", t.Number))
	}
	if t.Number != f.number {
		return fmt.Errorf("the task is for writer %d", t.Number)
	}
	return f.call("prepare")
}

func (f *fake) Ready(time.Time) error { return f.call("ready") }

func (f *fake) Start(r Release) error {
	if r.Release <= clock.Now() {
		return errors.New("the release is in the past")
	}
	return f.call("start")
}

func (f *fake) Counted(time.Time) error { return f.call("counted") }
func (f *fake) Finish() error           { return f.call("finish") }

func (f *fake) Collect(time.Time) (Report, error) {
	return Report{Usage: Usage{PID: 100 + f.number}}, f.call("collect")
}

func (f *fake) Stop()       { _ = f.call("stop") }
func (f *fake) Kill()       { _ = f.call("kill") }
func (f *fake) Wait() error { return f.call("wait") }

// newFakeFleet returns a fleet of fakes, and the log of their calls. A writer fails in the methods
// for which errs, indexed by writer and method, has an error. "launch" is its start.
func newFakeFleet(errs map[int]map[string]error) (*Fleet, *callLog) {
	l := &callLog{}
	return &Fleet{start: func(number int) (Member, error) {
		if err := errs[number]["launch"]; err != nil {
			return nil, err
		}
		return &fake{number, l, errs[number]}, nil
	}}, l
}

func requireCalls(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestRoundMakesEachStepForAllWriters(t *testing.T) {
	f, l := newFakeFleet(nil)
	round, err := f.Round(sustained(plan(2), time.Second))
	if err != nil {
		t.Fatal(err)
	}
	requireCalls(t, l.lines,
		"prepare 0", "prepare 1", "ready 0", "ready 1",
		"start 0", "start 1", "counted 0", "counted 1", "finish 0", "finish 1",
		"collect 0", "collect 1")
	if round.Deadline != round.Release+int64(time.Second) {
		t.Errorf("a round of 1s lasts from %d to %d", round.Release, round.Deadline)
	}
	if round.Usages[0].PID != 100 || round.Usages[1].PID != 101 {
		t.Errorf("usages are %+v", round.Usages)
	}
	if _, err := f.Round(plan(3)); err != nil {
		t.Fatal(err)
	}
	if len(f.members) != 3 {
		t.Errorf("the fleet has %d members after rounds with 2 and 3", len(f.members))
	}
	l.lines = nil
	f.Close()
	requireCalls(t, l.lines, "kill 0", "kill 1", "kill 2", "wait 0", "wait 1", "wait 2")
}

// Readers are members beside the writers, in all steps but the wait for attempts that count.
func TestRoundMakesEachStepForReaders(t *testing.T) {
	f, l := newFakeFleet(map[int]map[string]error{2: {"collect": errors.New("broken")}})
	round, err := f.Round(withReaders(plan(1), 2))
	if err == nil || err.Error() != "1 of 3 participants failed: reader 1: broken" {
		t.Errorf("error is %v", err)
	}
	requireCalls(t, l.lines,
		"prepare 0", "prepare reader 0 as 1", "prepare reader 1 as 2",
		"ready 0", "ready 1", "ready 2", "start 0", "start 1", "start 2", "counted 0",
		"finish 0", "finish 1", "finish 2", "collect 0", "collect 1", "collect 2")
	if len(round.Writers) != 1 || len(round.Readers) != 2 || len(round.Usages) != 3 {
		t.Errorf("round is %+v", round)
	}
}

func TestAGracefulFleetStopsItsWriters(t *testing.T) {
	f, l := newFakeFleet(nil)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	f.Close()
	requireCalls(t, l.lines, "stop 0", "stop 1", "wait 0", "wait 1")
}

func TestBurstHasNoDeadlineForItsWriters(t *testing.T) {
	f, _ := newFakeFleet(nil)
	round, err := f.Round(plan(1))
	if err != nil || round.Mode != outcome.Burst || round.Deadline != 0 {
		t.Errorf("schedule is %+v, error %v", round.Schedule, err)
	}
}

func TestRoundNamesTheWritersThatFailed(t *testing.T) {
	broken := errors.New("broken")
	late := os.ErrDeadlineExceeded
	for _, c := range []struct {
		name   string
		errs   map[int]map[string]error
		want   []string // in the error
		killed []string
	}{
		{
			name: "a writer does not start",
			errs: map[int]map[string]error{1: {"launch": broken}},
			want: []string{"start writer 1 of 3: broken"},
		},
		{
			name:   "a hello is late",
			errs:   map[int]map[string]error{1: {"handshake": late}},
			want:   []string{"writer 1: did not say hello within 1m", "was killed"},
			killed: []string{"kill 1"},
		},
		{
			name: "a request to prepare fails",
			errs: map[int]map[string]error{1: {"prepare": broken}},
			want: []string{"1 of 3 writers failed: writer 1: broken"},
		},
		{
			name:   "a writer is not ready in time",
			errs:   map[int]map[string]error{2: {"ready": late}},
			want:   []string{"writer 2: did not get ready within 1m", "was killed"},
			killed: []string{"kill 2"},
		},
		{
			name: "a request to start fails",
			errs: map[int]map[string]error{0: {"start": broken}},
			want: []string{"writer 0: broken"},
		},
		{
			name: "one report is late and another an error",
			errs: map[int]map[string]error{0: {"collect": late}, 2: {"collect": broken}},
			want: []string{
				"2 of 3 writers failed",
				"writer 0: did not hand over its outcomes",
				"writer 2: broken",
			},
			killed: []string{"kill 0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, l := newFakeFleet(c.errs)
			_, err := f.Round(plan(3))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not contain %q", err, want)
				}
			}
			for _, want := range c.killed {
				if !slices.Contains(l.lines, want) {
					t.Errorf("calls %q do not contain %q", l.lines, want)
				}
			}
		})
	}
}

func TestManyFailuresAreSummarized(t *testing.T) {
	errs := map[int]map[string]error{}
	for n := range 100 {
		errs[n] = map[string]error{"collect": errors.New("broken")}
	}
	f, _ := newFakeFleet(errs)
	_, err := f.Round(plan(100))
	for _, want := range []string{"100 of 100 writers failed", "and 95 more"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

func TestTheGateOpensAtTheRelease(t *testing.T) {
	var cpu time.Duration
	r := newRelease(plan(1), 0, &cpu)
	<-r.Gate
	// Go's clock and CLOCK_MONOTONIC may differ by the error of their calibration.
	if now := clock.Now(); now < r.Release-1e6 {
		t.Errorf("the gate opened %d ns early", r.Release-now)
	}
}

// With two processors two writers start at once: here each start waits for another.
func TestSeveralWritersStartAtOnce(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("with one processor writers start one by one")
	}
	meet := make(chan bool)
	f := &Fleet{start: func(number int) (Member, error) {
		if number < 2 {
			select {
			case meet <- true:
			case <-meet:
			case <-time.After(time.Minute):
				return nil, errors.New("no other writer started within a minute")
			}
		}
		return &fake{number: number, log: &callLog{}}, nil
	}}
	if err := f.Grow(2); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsStartedWritersIfAnotherDidNotStart(t *testing.T) {
	f, l := newFakeFleet(map[int]map[string]error{2: {"launch": errors.New("broken")}})
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	err := f.Grow(3)
	if err == nil || !strings.Contains(err.Error(), "start writer 2 of 3: broken") {
		t.Errorf("error is %v", err)
	}
	f.Close()
	requireCalls(t, l.lines, "kill 0", "kill 1", "wait 0", "wait 1")
}

// After the first timeout the other writers are polled concurrently: here each responds only when
// all of them were polled.
func TestALateWriterDoesNotDelayTheOthers(t *testing.T) {
	const n = 5
	var polled sync.WaitGroup
	polled.Add(n - 1)
	members := make([]Member, n)
	l := &callLog{}
	for i := range members {
		members[i] = &fake{number: i, log: l}
	}
	err := allWriters(members).await("was late", func(number int, _ Member) error {
		if number == 0 {
			return os.ErrDeadlineExceeded
		}
		polled.Done()
		polled.Wait()
		return nil
	})
	if err == nil || err.Error() != "1 of 5 writers failed: writer 0: was late" {
		t.Errorf("error is %v", err)
	}
	requireCalls(t, l.lines, "kill 0", "wait 0")
}

// plan returns the plan of a burst of n writers.
func plan(n int, task ...protocol.Task) Plan {
	p := Plan{Timeout: time.Minute}
	if len(task) > 0 {
		p.Task = task[0]
	}
	p.Task.Scenario.Writers = n
	return p
}

// sustained returns the same plan for a sustained round.
func sustained(p Plan, length time.Duration) Plan {
	p.Mode, p.Length = outcome.Sustained, length
	return p
}

// withReaders returns the same plan with readers.
func withReaders(p Plan, n int) Plan {
	p.Task.Scenario.Readers = n
	return p
}
