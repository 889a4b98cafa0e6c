package writer

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/sqlitedb"
)

func newTestReader(t *testing.T, task protocol.Task) *Reader {
	t.Helper()
	r, err := NewReader(task)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// after returns a function that is true after it was called a number of times.
func after(calls int) (over func() bool) {
	return func() bool { calls--; return calls < 0 }
}

// cutMessages makes every row of a database too short.
func cutMessages(t *testing.T, task protocol.Task) {
	t.Helper()
	if err := os.Truncate(task.Database, 0); err != nil {
		t.Fatal(err)
	}
}

func TestAReaderReadsUntilTheRoundIsOver(t *testing.T) {
	for _, read := range []string{"point", "scan", "hold:1ns"} {
		t.Run(read, func(t *testing.T) {
			r := newTestReader(t, newTask(t, "readers=1 read="+read))
			before := clock.Now()
			outcomes := r.Run(burst, Tail{Over: after(10)}).Outcomes
			if len(outcomes) < 3 {
				t.Fatalf("%d reads", len(outcomes))
			}
			for _, o := range outcomes {
				if o.Start < before || o.End <= o.Start || !o.Acknowledged() ||
					o.Phase != outcome.Read {
					t.Errorf("the read after %d is %+v", before, o)
				}
				before = o.End
			}
		})
	}
}

func TestAReaderPausesBetweenReads(t *testing.T) {
	const think = 2 * time.Millisecond
	r := newTestReader(t, newTask(t, "readers=1 think=2ms"))
	outcomes := r.Run(burst, Tail{Over: after(5)}).Outcomes
	if len(outcomes) < 2 {
		t.Fatalf("%d reads", len(outcomes))
	}
	for i, o := range outcomes[1:] {
		if gap := o.Start - outcomes[i].End; gap < int64(think) {
			t.Errorf("read %d begins %d ns after the one before, want %v", i+1, gap, think)
		}
	}
}

// Without an end the read would outlast the test.
func TestAnOpenReadEndsWithTheRound(t *testing.T) {
	r := newTestReader(t, newTask(t, "readers=1 read=hold:1h"))
	outcomes := r.Run(burst, Tail{Over: after(3)}).Outcomes
	if len(outcomes) != 1 || !outcomes[0].Acknowledged() {
		t.Errorf("reads are %+v, want 1", outcomes)
	}
}

func TestReadsAfterTheDeadlineAreNotKept(t *testing.T) {
	r := newTestReader(t, newTask(t, "readers=1"))
	series := r.Run(sustainedUntil(clock.Now()-1), Tail{Over: after(10)})
	if n := len(series.Outcomes); n != 0 {
		t.Errorf("%d reads, want 0", n)
	}
}

// Another connection keeps the file locked until the reader has been refused it three times.
func TestAReaderRetriesUntilTheLockIsFree(t *testing.T) {
	task := newTask(t, "journal=delete txn=exclusive readers=1 busy=retry:1h")
	r := newTestReader(t, task)
	holder, err := sqlitedb.Connect(task.Database, task.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.BeginExclusive(); err != nil {
		t.Fatal(err)
	}
	retries := 0
	r.jitter = rand.New(sourceFunc(func() uint64 {
		if retries++; retries == 3 {
			if err := holder.Close(); err != nil {
				t.Error(err)
			}
		}
		return 1 << 32 // not 0, which the generator would reject again and again
	}))
	o, err := r.read(clock.Now(), nil)
	if err != nil || o.WaitStart < o.Start || o.WaitStart > o.End || o.LockWait != 0 ||
		o.LockAcquired < o.WaitStart || o.LockAcquired > o.End {
		t.Errorf("the read is %+v, %v", o, err)
	}
	if retries != 3 {
		t.Errorf("%d retries, want 3", retries)
	}
}

func TestAReaderGivesUpAtItsTimeout(t *testing.T) {
	const timeout = 5 * time.Millisecond
	task := newTask(t, "journal=delete txn=exclusive readers=1 busy=retry:5ms")
	r := newTestReader(t, task)
	holder, err := sqlitedb.Connect(task.Database, task.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if err := holder.BeginExclusive(); err != nil {
		t.Fatal(err)
	}
	outcomes := r.Run(burst, Tail{Over: after(0)}).Outcomes
	if len(outcomes) != 1 {
		t.Fatalf("%d reads, want 1", len(outcomes))
	}
	if o := outcomes[0]; o.Code != outcome.Busy || o.LockWait < int64(timeout) ||
		o.LockWait != o.End-o.Start {
		t.Errorf("the read is %+v", o)
	}
}

// The reads end, and Close returns the error.
func TestAFailedReadEndsTheReads(t *testing.T) {
	task := newTask(t, "journal=delete readers=1")
	r, err := NewReader(task)
	if err != nil {
		t.Fatal(err)
	}
	cutMessages(t, task)
	never := func() bool { return false }
	if n := len(r.Run(burst, Tail{Over: never}).Outcomes); n != 0 {
		t.Errorf("%d reads, want 0", n)
	}
	if err := r.Close(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v", err)
	}
}

// A reader sends nothing before it is asked to finish, in either mode, and can be a writer in the
// next round.
func TestServeReadsUntilItIsAskedToFinish(t *testing.T) {
	p := serve(t)
	for _, s := range []outcome.Schedule{burst, sustainedUntil(clock.Now() + int64(time.Hour))} {
		p.prepareRole(outcome.Reader, "readers=1 read=hold:1h")
		p.send(protocol.NewStart(s, false))
		p.send(protocol.Request{Op: protocol.OpFinish})
		series, done := p.receiveRound()
		o := series.Outcomes[0]
		if len(series.Outcomes) != 1 || o.Phase != outcome.Read || !o.Acknowledged() ||
			len(series.IDs) != 0 || done.CPU <= 0 {
			t.Errorf("%v: %+v, %+v", s.Mode, series, done)
		}
	}
	p.prepare("")
	p.send(protocol.NewStart(burst, false))
	if series, _ := p.receiveRound(); len(series.IDs) != 1 {
		t.Errorf("the writer's round is %+v", series)
	}
	p.requireExit(0)
}

func TestServeReportsAFailedReadAfterTheRound(t *testing.T) {
	p := serve(t)
	task := p.prepareRole(outcome.Reader, "journal=delete readers=1")
	cutMessages(t, task)
	p.send(protocol.NewStart(burst, false))
	p.send(protocol.Request{Op: protocol.OpFinish})
	if r := p.receive(); r.Op != protocol.OpError || r.Error == "" {
		t.Errorf("received %+v", r)
	}
	p.requireExit(0)
}

// In a stream a reader reports only what is wrong, and at once.
func TestServeReportsAFailedReadOfAStreamAtOnce(t *testing.T) {
	p := serve(t)
	task := p.prepareRole(outcome.Reader, "journal=delete readers=1")
	p.send(protocol.NewStart(sustainedUntil(clock.Now()+int64(time.Hour)), true))
	cutMessages(t, task)
	if r := p.receive(); r.Op != protocol.OpError || r.Error == "" {
		t.Errorf("received %+v", r)
	}
	p.requireExit(0)
}

func TestServeExitsWhileItReads(t *testing.T) {
	p := serve(t)
	p.prepareRole(outcome.Reader, "readers=1 read=hold:1h")
	p.send(protocol.NewStart(burst, false))
	p.requireExit(0)
}
