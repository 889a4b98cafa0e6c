package fleet

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// victim is a writer that does nothing until it is killed.
type victim struct {
	fake
	killed chan struct{}
}

func (v *victim) Stream(Release) error { return nil }
func (v *victim) Kill() {
	select {
	case <-v.killed:
	default:
		close(v.killed)
	}
}
func (v *victim) Collect(time.Time) (Report, error) {
	<-v.killed
	return Report{PID: 100 + v.number}, fmt.Errorf("it %w", errDied)
}

func victims() *Fleet {
	return &Fleet{start: func(number int) (Member, error) {
		return &victim{fake{number: number, log: &log{}}, make(chan struct{})}, nil
	}}
}

// The seed chooses whom to kill; everybody is replaced, and nobody is left.
func TestKillsFollowTheSeed(t *testing.T) {
	order := func(seed uint64) (killed []int) {
		plan := KillPlan{Plan: Plan{Writers: 3, Length: 5 * time.Millisecond, Patience: time.Minute}, Kills: 6, Seed: seed}
		round, err := victims().Kills(plan)
		if err != nil {
			t.Fatal(err)
		}
		last := round.At
		for i, kill := range round.Kills {
			if kill.At < last || i >= plan.Kills && kill.At < round.Until {
				t.Errorf("kill %d came %d ns after the release", i, kill.At-round.At)
			}
			last = kill.At
			killed = append(killed, kill.Writer)
		}
		seen := map[int]bool{}
		for _, number := range killed {
			seen[number] = true
		}
		if len(seen) != 9 || len(killed) != 9 || len(round.Reports) != 9 || round.Reports[8].PID != 108 {
			t.Errorf("killed %v, reports %+v", killed, round.Reports)
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
	_, err := f.Kills(KillPlan{Plan: Plan{Writers: 1, Length: time.Millisecond}, Seed: 1})
	if err == nil || !strings.Contains(err.Error(), "only processes can be killed") {
		t.Errorf("error is %v", err)
	}
}

// A writer that dies without having been killed by the round is no finding about SQLite.
func TestAWriterThatDiesByItselfInAKillRound(t *testing.T) {
	f := processes(t, "quitter")
	_, err := f.Kills(KillPlan{Plan: Plan{Writers: 2, Length: time.Second, Patience: time.Minute}, Seed: 1})
	if err == nil || !strings.Contains(err.Error(), "2 of 2 writers failed: writer 0: process") || !strings.Contains(err.Error(), "died unasked (exit status 3)") {
		t.Errorf("error is %v", err)
	}
}

// The next round has writers of its own, whose last words are still heard.
func TestAFleetGoesOnAfterKills(t *testing.T) {
	f := processes(t, "dead")
	for range 2 {
		_, err := f.Kills(KillPlan{Plan: Plan{Writers: 1, Length: time.Millisecond, Patience: time.Minute}})
		if err == nil || !strings.Contains(err.Error(), "panic: at the disco") {
			t.Errorf("error is %v", err)
		}
	}
}
