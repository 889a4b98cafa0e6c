package writer

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/wait"
)

// peer is the parent's end of a writer's pipes.
type peer struct {
	t     *testing.T
	in    *io.PipeWriter
	lines *bufio.Scanner
	exit  chan int
}

// serve starts a writer and receives its hello.
func serve(t *testing.T) peer {
	t.Helper()
	requests, in := io.Pipe()
	out, responses := io.Pipe()
	exit := make(chan int, 2)
	go Serve(requests, responses, func(code int) { exit <- code })
	p := peer{t, in, bufio.NewScanner(out), exit}
	r := p.receive()
	if r.Op != protocol.OpHello || r.Protocol != protocol.Version || r.PID == 0 {
		t.Fatalf("hello is %+v", r)
	}
	return p
}

func (p peer) send(r protocol.Request) {
	p.t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sendText(string(text) + "\n")
}

func (p peer) sendText(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, text); err != nil {
		p.t.Fatal(err)
	}
}

func (p peer) receive() (r protocol.Response) {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatalf("no response: %v", p.lines.Err())
	}
	if err := json.Unmarshal(p.lines.Bytes(), &r); err != nil {
		p.t.Fatalf("response %q: %v", p.lines.Text(), err)
	}
	return r
}

// prepare makes the writer ready for a round.
func (p peer) prepare(axes string) protocol.Task {
	p.t.Helper()
	task := newTask(p.t, axes)
	p.send(protocol.Request{Op: protocol.OpPrepare, Task: &task})
	if r := p.receive(); r.Op != protocol.OpReady {
		p.t.Fatalf("response to prepare is %+v", r)
	}
	return task
}

// receiveRound receives at least one outcome and then done, with the number of outcomes. It ends a
// sustained round when the counted attempts are over.
func (p peer) receiveRound() (s outcome.Series, done protocol.Response) {
	p.t.Helper()
	if done = p.receive(); done.Op == protocol.OpCounted {
		p.send(protocol.Request{Op: protocol.OpFinish})
		done = p.receive()
	}
	for ; done.Op == protocol.OpOutcome; done = p.receive() {
		s.Outcomes = append(s.Outcomes, *done.Outcome)
		s.IDs = append(s.IDs, done.RowIDs...)
	}
	n := len(s.Outcomes)
	if done.Op != protocol.OpDone || done.Attempts != n || n == 0 {
		p.t.Fatalf("after %d outcomes: %+v", n, done)
	}
	return s, done
}

// requireExit closes the writer's input and requires its exit status.
func (p peer) requireExit(code int) {
	p.t.Helper()
	p.in.Close()
	if got := <-p.exit; got != code {
		p.t.Errorf("exit status is %d, want %d", got, code)
	}
}

func TestServeMakesManyRounds(t *testing.T) {
	p := serve(t)
	for range 3 {
		task := p.prepare("")
		release := clock.Now() + 5e6
		p.send(protocol.NewStart(outcome.Schedule{
			Mode: outcome.Sustained, Release: release, Deadline: release + 20e6,
		}, false))
		s, done := p.receiveRound()
		if done.CPU <= 0 {
			t.Errorf("done is %+v", done)
		}
		if first := s.Outcomes[0].Start; first < release {
			t.Errorf("began %d ns before the release", release-first)
		}
		requireAudit(t, task.Database, s)
	}
	p.requireExit(0)
}

// The deadline has passed at the start, so that all attempts come after it.
func TestASustainedWriterGoesOnUntilItIsAskedToFinish(t *testing.T) {
	p := serve(t)
	task := p.prepare("")
	p.send(protocol.NewStart(outcome.Schedule{Mode: outcome.Sustained, Deadline: 1}, false))
	if r := p.receive(); r.Op != protocol.OpCounted {
		t.Fatalf("received %+v", r)
	}
	wait.Until(t, "the writer writes", func() bool {
		info, err := os.Stat(task.Database + "-wal")
		return err == nil && info.Size() > 0
	})
	p.send(protocol.Request{Op: protocol.OpFinish})
	s, _ := p.receiveRound()
	requireAudit(t, task.Database, s)
	p.requireExit(0)
}

// The request to finish comes in the middle of a pause.
func TestAPausingWriterFinishesWhenItIsAsked(t *testing.T) {
	p := serve(t)
	p.prepare("think=1h")
	p.send(protocol.NewStart(sustainedUntil(clock.Now()+1e6), false))
	if r := p.receive(); r.Op != protocol.OpCounted {
		t.Fatalf("received %+v", r)
	}
	p.send(protocol.Request{Op: protocol.OpFinish})
	if s, _ := p.receiveRound(); len(s.Outcomes) > 1 {
		t.Errorf("%d attempts, want at most 1", len(s.Outcomes))
	}
	p.requireExit(0)
}

func TestAnotherRequestInASustainedRoundIsAnError(t *testing.T) {
	p := serve(t)
	p.prepare("")
	p.send(protocol.NewStart(outcome.Schedule{Mode: outcome.Sustained, Deadline: 1}, false))
	if r := p.receive(); r.Op != protocol.OpCounted {
		t.Fatalf("received %+v", r)
	}
	p.send(protocol.Request{Op: protocol.OpStart})
	if r := p.receive(); r.Op != protocol.OpError || !strings.Contains(r.Error, `"start"`) {
		t.Errorf("received %+v", r)
	}
	p.requireExit(0)
}

func TestAWriterBeginsAtOnceIfTheReleaseHasPassed(t *testing.T) {
	p := serve(t)
	p.prepare("")
	before := clock.Now()
	p.send(protocol.NewStart(outcome.Schedule{Mode: outcome.Burst, Release: 1}, false))
	s, _ := p.receiveRound()
	if len(s.Outcomes) != 1 || s.Outcomes[0].Start < before || !s.Outcomes[0].Acknowledged() {
		t.Errorf("outcomes are %+v", s.Outcomes)
	}
	p.requireExit(0)
}

func TestAStreamReportsEachAttemptOnceAndInOrder(t *testing.T) {
	p := serve(t)
	task := p.prepare("batch=3")
	p.send(protocol.NewStart(sustainedUntil(clock.Now()+20e6), true))
	s, _ := p.receiveRound()
	for i := 1; i < len(s.Outcomes); i++ {
		if s.Outcomes[i].Start < s.Outcomes[i-1].End {
			t.Errorf("attempt %d began before the previous one ended", i)
		}
	}
	ids := NewIDs(task.Seed, task.Number)
	for i, id := range s.IDs {
		if want := ids.Next(); id != want {
			t.Fatalf("id of row %d is %v, want %v", i, id, want)
		}
	}
	requireAudit(t, task.Database, s)
	p.requireExit(0)
}

// A burst is one attempt, whether its outcome is kept or sent at once.
func TestServeStreamsABurst(t *testing.T) {
	p := serve(t)
	p.prepare("")
	p.send(protocol.NewStart(outcome.Schedule{Mode: outcome.Burst, Release: 1}, true))
	if series, _ := p.receiveRound(); len(series.Outcomes) != 1 {
		t.Errorf("%d outcomes, want 1", len(series.Outcomes))
	}
	p.requireExit(0)
}

func TestServeRejectsABadRequestAndGoesOn(t *testing.T) {
	p := serve(t)
	missing := newTask(t, "conn=held")
	missing.Database += ".gone"
	for _, c := range []struct {
		name    string
		request protocol.Request
	}{
		{"start before prepare", protocol.Request{Op: protocol.OpStart, Release: 1}},
		{"prepare without a task", protocol.Request{Op: protocol.OpPrepare}},
		{"unknown op", protocol.Request{Op: "unknown"}},
		{"missing database", protocol.Request{Op: protocol.OpPrepare, Task: &missing}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := p
			p.t = t
			p.send(c.request)
			if r := p.receive(); r.Op != protocol.OpError || r.Error == "" {
				t.Errorf("response is %+v", r)
			}
		})
	}
	p.prepare("")
	p.send(protocol.Request{Op: protocol.OpStart, Release: 1})
	if r := p.receive(); r.Op != protocol.OpError || !strings.Contains(r.Error, "no mode") {
		t.Errorf("response to a start without a mode is %+v", r)
	}
	p.requireExit(0)
}

func TestServeExitsWithStatus1AfterMalformedInput(t *testing.T) {
	p := serve(t)
	p.sendText("no JSON\n")
	p.requireExit(1)
}

func TestServeExitsInTheMiddleOfARoundWhenItsInputEnds(t *testing.T) {
	p := serve(t)
	p.prepare("")
	const hour = 3600e9
	p.send(protocol.NewStart(outcome.Schedule{Release: clock.Now() + hour}, false))
	p.requireExit(0)
}
