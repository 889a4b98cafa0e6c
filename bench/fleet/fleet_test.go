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

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// fake is a writer that only follows the schedule and notes what it was told.
type fake struct {
	number int
	log    *log
	fail   map[string]error // by method
}

type log struct {
	mu    sync.Mutex
	lines []string
}

func (f *fake) note(method string) error {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	f.log.lines = append(f.log.lines, fmt.Sprint(method, " ", f.number))
	return f.fail[method]
}

func (f *fake) Handshake(time.Time) error { return f.fail["handshake"] }

func (f *fake) Prepare(t protocol.Task) error {
	if t.Writer != f.number {
		return fmt.Errorf("told it is writer %d", t.Writer)
	}
	return f.note("prepare")
}
func (f *fake) Ready(time.Time) error { return f.note("ready") }
func (f *fake) Start(r Release) error {
	if r.Release <= clock.Now() {
		return errors.New("released in the past")
	}
	return f.note("start")
}
func (f *fake) Collect(time.Time) (Report, error) {
	return Report{Usage: Usage{PID: 100 + f.number}}, f.note("collect")
}
func (f *fake) Stop()       { _ = f.note("stop") }
func (f *fake) Kill()       { _ = f.note("kill") }
func (f *fake) Wait() error { return f.note("wait") }

// fakes makes a fleet of fakes whose given members fail in the given method.
func fakes(failing map[int]map[string]error) (*Fleet, *log) {
	l := &log{}
	return &Fleet{start: func(number int) (Member, error) {
		if err := failing[number]["begin"]; err != nil {
			return nil, err
		}
		return &fake{number, l, failing[number]}, nil
	}}, l
}

func TestRoundGoesStepByStepForAll(t *testing.T) {
	f, l := fakes(nil)
	round, err := f.Round(sustained(plan(2), time.Second))
	if err != nil {
		t.Fatal(err)
	}
	want := "prepare 0,prepare 1,ready 0,ready 1,start 0,start 1,collect 0,collect 1"
	if got := strings.Join(l.lines, ","); got != want {
		t.Errorf("order is %s, want %s", got, want)
	}
	if round.Deadline != round.Release+int64(time.Second) {
		t.Errorf("a round of 1s goes from %d to %d", round.Release, round.Deadline)
	}
	if round.Usages[0].PID != 100 || round.Usages[1].PID != 101 {
		t.Errorf("usages are %+v", round.Usages)
	}
	if _, err := f.Round(plan(3)); err != nil {
		t.Fatal(err)
	}
	if len(f.members) != 3 {
		t.Errorf("fleet has %d members after rounds with 2 and 3", len(f.members))
	}
	f.Close()
	if got, want := strings.Join(l.lines[len(l.lines)-6:], ","), "kill 0,kill 1,kill 2,wait 0,wait 1,wait 2"; got != want {
		t.Errorf("closing did %s, want %s", got, want)
	}
}

// Who has something to write down is let go rather than killed.
func TestAGentleFleetDismisses(t *testing.T) {
	f, l := fakes(nil)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if got, want := strings.Join(l.lines, ","), "stop 0,stop 1,wait 0,wait 1"; got != want {
		t.Errorf("closing did %s, want %s", got, want)
	}
}

func TestBurstHasNoDeadlineForItsWriters(t *testing.T) {
	f, _ := fakes(nil)
	if round, err := f.Round(plan(1)); err != nil || round.Mode != outcome.Burst || round.Deadline != 0 {
		t.Errorf("a burst ends at %d, %v", round.Deadline, err)
	}
}

func TestRoundNamesWhoFailed(t *testing.T) {
	ill := errors.New("ill")
	late := os.ErrDeadlineExceeded
	for _, c := range []struct {
		failing map[int]map[string]error
		says    []string
		killed  []string
	}{
		{map[int]map[string]error{1: {"begin": ill}}, []string{"start writer 1 of 3: ill"}, nil},
		{map[int]map[string]error{1: {"handshake": late}}, []string{"writer 1: did not say hello within 1m", "was killed"}, []string{"kill 1"}},
		{map[int]map[string]error{1: {"prepare": ill}}, []string{"1 of 3 writers failed: writer 1: ill"}, nil},
		{map[int]map[string]error{2: {"ready": late}}, []string{"writer 2: did not get ready within 1m", "was killed"}, []string{"kill 2"}},
		{map[int]map[string]error{0: {"start": ill}}, []string{"writer 0: ill"}, nil},
		{map[int]map[string]error{0: {"collect": late}, 2: {"collect": ill}},
			[]string{"2 of 3 writers failed", "writer 0: did not hand over its outcomes", "writer 2: ill"}, []string{"kill 0"}},
	} {
		f, l := fakes(c.failing)
		_, err := f.Round(plan(3))
		if err == nil {
			t.Errorf("%v: no error", c.failing)
			continue
		}
		for _, want := range c.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %q does not say %q", c.failing, err, want)
			}
		}
		for _, want := range c.killed {
			if !slices.Contains(l.lines, want) {
				t.Errorf("%v: did not %s", c.failing, want)
			}
		}
	}
}

func TestManyFailuresAreSummedUp(t *testing.T) {
	failing := map[int]map[string]error{}
	for n := range 100 {
		failing[n] = map[string]error{"collect": errors.New("ill")}
	}
	f, _ := fakes(failing)
	_, err := f.Round(plan(100))
	if err == nil || !strings.Contains(err.Error(), "100 of 100 writers failed") || !strings.Contains(err.Error(), "and 95 more") {
		t.Errorf("error is %v", err)
	}
}

func TestGateOpensAtTheRelease(t *testing.T) {
	var cpu time.Duration
	r := newRelease(plan(1), 0, &cpu)
	<-r.Gate
	// The kernel's and Go's reading of the clock may differ by what tying them took.
	if now := clock.Now(); now < r.Release-1e6 {
		t.Errorf("the gate opened %d ns early", r.Release-now)
	}
}

// Starts go on at the same time: each waits for a second one, where there are two processors.
func TestSeveralStartAtOnce(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("with one processor writers start one after the other")
	}
	meet := make(chan bool)
	f := &Fleet{start: func(number int) (Member, error) {
		if number < 2 {
			select {
			case meet <- true:
			case <-meet:
			case <-time.After(time.Minute):
				return nil, errors.New("nobody else was being started")
			}
		}
		return &fake{number: number, log: &log{}}, nil
	}}
	if err := f.Grow(2); err != nil {
		t.Error(err)
	}
}

// One that does not start must not hide those that did: they have to be ended.
func TestThoseThatStartedAreEnded(t *testing.T) {
	f, l := fakes(map[int]map[string]error{2: {"begin": errors.New("ill")}})
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	if err := f.Grow(3); err == nil || !strings.Contains(err.Error(), "start writer 2 of 3: ill") {
		t.Errorf("error is %v", err)
	}
	f.Close()
	if got, want := strings.Join(l.lines, ","), "kill 0,kill 1,wait 0,wait 1"; got != want {
		t.Errorf("did %s, want %s", got, want)
	}
}

// Once one has missed the deadline, nobody is waited for in turn: here each of the rest answers
// only when all of them have been asked.
func TestALateWriterDoesNotDelayTheRest(t *testing.T) {
	const n = 5
	var asked sync.WaitGroup
	asked.Add(n - 1)
	members := make([]Member, n)
	l := &log{}
	for i := range members {
		members[i] = &fake{number: i, log: l}
	}
	err := await(members, "was late", func(number int, _ Member) error {
		if number == 0 {
			return os.ErrDeadlineExceeded
		}
		asked.Done()
		asked.Wait()
		return nil
	})
	if err == nil || err.Error() != "1 of 5 writers failed: writer 0: was late" {
		t.Errorf("error is %v", err)
	}
	if got := strings.Join(l.lines, ","); got != "kill 0,wait 0" {
		t.Errorf("did %s", got)
	}
}

// plan plans a burst of n writers.
func plan(n int, task ...protocol.Task) Plan {
	p := Plan{Timeout: time.Minute}
	if len(task) > 0 {
		p.Task = task[0]
	}
	p.Task.Scenario.Writers = n
	return p
}

// sustained makes a plan one of a sustained round.
func sustained(p Plan, length time.Duration) Plan {
	p.Mode, p.Length = outcome.Sustained, length
	return p
}
