package writer

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// newParticipant returns a participant of a role, which the test closes.
func newParticipant(t *testing.T, role outcome.Role, axes string) (Participant, protocol.Task) {
	t.Helper()
	task := newTask(t, axes)
	task.Role = role
	p, err := NewParticipant(task)
	if err != nil {
		t.Fatal(err)
	}
	return p, task
}

func closeParticipant(t *testing.T, p Participant) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// The first checkpoint comes an interval after the release, and the next ones follow.
func TestACheckpointerMakesCheckpointsUntilTheRoundIsOver(t *testing.T) {
	p, _ := newParticipant(t, outcome.Checkpointer, "checkpoint=truncate:1ms")
	release := clock.Now()
	outcomes := p.Run(outcome.Schedule{Release: release}, Tail{Over: after(20)}).Outcomes
	if len(outcomes) < 3 {
		t.Fatalf("%d checkpoints", len(outcomes))
	}
	before := release + int64(time.Millisecond)
	for _, o := range outcomes {
		if o.Start < before || o.End <= o.Start || !o.Acknowledged() ||
			o.Phase != outcome.Checkpoint {
			t.Errorf("the checkpoint after %d is %+v", before, o)
		}
		before = o.End
	}
	closeParticipant(t, p)
}

// In the middle of a sustained round, and at the release of a burst.
func TestAnIntruderComesOnce(t *testing.T) {
	for _, mode := range []outcome.Mode{outcome.Burst, outcome.Sustained} {
		t.Run(mode.String(), func(t *testing.T) {
			p, task := newParticipant(t, outcome.Intruder, "payload=5 intruder=bulk:7")
			s := outcome.Schedule{Mode: mode, Release: clock.Now()}
			earliest := s.Release
			if mode == outcome.Sustained {
				s.Deadline = s.Release + int64(10*time.Millisecond)
				earliest += int64(5 * time.Millisecond)
			}
			never := func() bool { return false }
			series := p.Run(s, Tail{Over: never})
			if len(series.Outcomes) != 1 || len(series.IDs) != 7 {
				t.Fatalf("it reports %+v", series)
			}
			if o := series.Outcomes[0]; o.Start < earliest || !o.Acknowledged() ||
				o.Phase != outcome.Bulk || o.LockAcquired < o.Start || o.LockReleased > o.End {
				t.Errorf("the intrusion after %d is %+v", earliest, o)
			}
			closeParticipant(t, p)
			requireAudit(t, task.Database, series)
		})
	}
}

func TestAnIntruderIsTooLate(t *testing.T) {
	p, _ := newParticipant(t, outcome.Intruder, "intruder=vacuum")
	series := p.Run(sustainedUntil(clock.Now()+int64(time.Hour)), Tail{Over: after(0)})
	if len(series.Outcomes) != 0 {
		t.Errorf("it reports %+v", series)
	}
	closeParticipant(t, p)
}

// Without an end the lock would outlast the test.
func TestALockEndsWithTheRound(t *testing.T) {
	for _, intruder := range []string{"lock:1h", "read:1h"} {
		t.Run(intruder, func(t *testing.T) {
			p, _ := newParticipant(t, outcome.Intruder, "intruder="+intruder)
			outcomes := p.Run(burst, Tail{Over: after(3)}).Outcomes
			if len(outcomes) != 1 || !outcomes[0].Acknowledged() {
				t.Errorf("it reports %+v", outcomes)
			}
			closeParticipant(t, p)
		})
	}
}

func TestAnIntrusionThatFailsIsReportedAfterTheRound(t *testing.T) {
	p, task := newParticipant(t, outcome.Intruder, "journal=delete intruder=vacuum")
	noDatabase := bytes.Repeat([]byte("no database "), 1000)
	if err := os.WriteFile(task.Database, noDatabase, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := len(p.Run(burst, Tail{Over: after(10)}).Outcomes); n != 0 {
		t.Errorf("%d outcomes, want 0", n)
	}
	if err := p.Close(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v", err)
	}
}

// An error names the participant.
func TestParticipantsThatCannotConnect(t *testing.T) {
	for role, axes := range map[outcome.Role]string{
		outcome.Reader: "readers=1", outcome.Checkpointer: "checkpoint=full:1s",
		outcome.Intruder: "intruder=backup",
	} {
		t.Run(role.String(), func(t *testing.T) {
			task := newTask(t, axes)
			task.Role, task.Number, task.Database = role, 3, t.TempDir()+"/none.db"
			_, err := NewParticipant(task)
			if err == nil || !strings.HasPrefix(err.Error(), role.String()+" 3: ") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// prepareRole makes the process a participant of a role.
func (p peer) prepareRole(role outcome.Role, axes string) protocol.Task {
	p.t.Helper()
	task := newTask(p.t, axes)
	task.Role = role
	p.send(protocol.Request{Op: protocol.OpPrepare, Task: &task})
	if r := p.receive(); r.Op != protocol.OpReady {
		p.t.Fatalf("response to prepare is %+v", r)
	}
	return task
}

func TestServeACheckpointerAndAnIntruder(t *testing.T) {
	p := serve(t)
	p.prepareRole(outcome.Checkpointer, "checkpoint=passive:1h")
	p.send(protocol.NewStart(outcome.Schedule{Release: clock.Now()}, false))
	p.send(protocol.Request{Op: protocol.OpFinish})
	if r := p.receive(); r.Op != protocol.OpDone || r.Attempts != 0 || r.CPU <= 0 {
		t.Errorf("the checkpointer reports %+v", r)
	}
	task := p.prepareRole(outcome.Intruder, "intruder=bulk:3")
	p.send(protocol.NewStart(burst, false))
	p.send(protocol.Request{Op: protocol.OpFinish})
	series, _ := p.receiveRound()
	if len(series.Outcomes) != 1 || len(series.IDs) != 3 {
		t.Errorf("the intruder reports %+v", series)
	}
	requireAudit(t, task.Database, series)
	p.requireExit(0)
}
