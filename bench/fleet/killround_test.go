package fleet

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// victim is a writer that does nothing until it is killed.
type victim struct {
	fake
	killed chan struct{}
}

func (v *victim) Stream(outcome.Schedule) error { return nil }
func (v *victim) Kill() {
	select {
	case <-v.killed:
	default:
		close(v.killed)
	}
}
func (v *victim) Collect(time.Time) (Report, error) {
	<-v.killed
	return Report{Usage: Usage{PID: 100 + v.number}}, fmt.Errorf("it %w", errExited)
}

func victims() *Fleet {
	return &Fleet{start: func(number int) (Member, error) {
		return &victim{fake{number: number, log: &log{}}, make(chan struct{})}, nil
	}}
}

// The seed chooses whom to kill; everybody is replaced, and nobody is left.
func TestKillsFollowTheSeed(t *testing.T) {
	order := func(seed uint64) (killed []int) {
		plan := KillPlan{Plan: sustained(plan(3, protocol.Task{Seed: seed}), 5*time.Millisecond), Kills: 6}
		round, err := victims().RoundWithKills(plan)
		if err != nil {
			t.Fatal(err)
		}
		last := round.Release
		for i, kill := range round.Kills {
			if kill.At < last || i >= plan.Kills && kill.At < round.Deadline {
				t.Errorf("kill %d came %d ns after the release", i, kill.At-round.Release)
			}
			last = kill.At
			killed = append(killed, kill.Writer)
		}
		seen := map[int]bool{}
		for _, number := range killed {
			seen[number] = true
		}
		if len(seen) != 9 || len(killed) != 9 || len(round.Writers) != 9 {
			t.Errorf("killed %v, writers %+v", killed, round.Writers)
		}
		return killed
	}
	first, again, other := order(1), order(1), order(2)
	if !reflect.DeepEqual(first, again) || reflect.DeepEqual(first, other) {
		t.Errorf("seed 1 kills %v, then %v; seed 2 kills %v", first, again, other)
	}
}

func TestGoroutinesCannotBeKilled(t *testing.T) {
	f := &Fleet{start: func(number int) (Member, error) { return &fake{number: number, log: &log{}}, nil }}
	_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(1), time.Millisecond)})
	if err == nil || !strings.Contains(err.Error(), "only processes can be killed") {
		t.Errorf("error is %v", err)
	}
}

// A writer that dies without having been killed by the round is no finding about SQLite.
func TestAWriterThatDiesByItselfInAKillRound(t *testing.T) {
	f := processes(t, "quitter")
	_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(2), time.Second)})
	if err == nil || !strings.Contains(err.Error(), "2 of 2 writers failed: writer 0: process") || !strings.Contains(err.Error(), "exited unexpectedly (exit status 3)") {
		t.Errorf("error is %v", err)
	}
}

// The next round has writers of its own, whose last words are still heard.
func TestAFleetGoesOnAfterKills(t *testing.T) {
	f := processes(t, "dead")
	for range 2 {
		_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(1), time.Millisecond)})
		if err == nil || !strings.Contains(err.Error(), "panic: at the disco") {
			t.Errorf("error is %v", err)
		}
	}
}
