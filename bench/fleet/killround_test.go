package fleet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// killable is a fake writer that does nothing until it is killed.
type killable struct {
	fake
	killed chan struct{}
}

// Prepare accepts any number: with readers it is not that of the member.
func (k *killable) Prepare(protocol.Task) error { return nil }

func (k *killable) Stream(outcome.Schedule) error { return nil }

func (k *killable) Kill() {
	select {
	case <-k.killed:
	default:
		close(k.killed)
	}
}

func (k *killable) Collect(time.Time) (Report, error) {
	<-k.killed
	return Report{Usage: Usage{PID: 100 + k.number}}, fmt.Errorf("it %w", errExited)
}

func newKillableFleet() *Fleet {
	return &Fleet{start: func(number int) (Member, error) {
		return &killable{fake{number: number, log: &callLog{}}, make(chan struct{})}, nil
	}}
}

func TestKillsFollowTheSeed(t *testing.T) {
	first, second := killedInOrder(t, 1), killedInOrder(t, 1)
	if !slices.Equal(first, second) {
		t.Errorf("seed 1 kills %v, then %v", first, second)
	}
	if other := killedInOrder(t, 2); slices.Equal(first, other) {
		t.Errorf("seeds 1 and 2 kill %v", first)
	}
}

// killedInOrder makes a round of 3 writers with 6 kills, which has 9 writers in all, and returns
// the order in which they are killed.
func killedInOrder(t *testing.T, seed uint64) (killed []int) {
	t.Helper()
	p := KillPlan{
		Plan:  sustained(plan(3, protocol.Task{Seed: seed}), 5*time.Millisecond),
		Kills: 6,
	}
	round, err := newKillableFleet().RoundWithKills(p)
	if err != nil {
		t.Fatal(err)
	}
	last := round.Release
	for i, kill := range round.Kills {
		if kill.At < last || i >= p.Kills && kill.At < round.Deadline {
			t.Errorf("kill %d was %d ns after the release", i, kill.At-round.Release)
		}
		last = kill.At
		killed = append(killed, kill.Number)
	}
	sorted := slices.Sorted(slices.Values(killed))
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}; !slices.Equal(sorted, want) {
		t.Errorf("killed %v, want each of %v once", killed, want)
	}
	if n := len(round.Writers); n != 9 {
		t.Errorf("%d writers, want 9", n)
	}
	return killed
}

// A participant that is killed is replaced by another one of its role.
func TestOthersAreKilledAndReplaced(t *testing.T) {
	p := KillPlan{
		Plan:  withReaders(sustained(plan(1), 5*time.Millisecond), 3),
		Kills: 40,
	}
	p.Task.Scenario.Checkpoint = scenario.Checkpoint{Mode: "full", Every: time.Second}
	round, err := newKillableFleet().RoundWithKills(p)
	if err != nil {
		t.Fatal(err)
	}
	killed := map[outcome.Role][]int{}
	for _, kill := range round.Kills {
		killed[kill.Role] = append(killed[kill.Role], kill.Number)
	}
	writers, readers := killed[outcome.Writer], killed[outcome.Reader]
	checkpointers := killed[outcome.Checkpointer]
	if len(writers)+len(readers)+len(checkpointers) != 45 || len(writers) < 2 ||
		len(readers) < 4 || len(checkpointers) < 2 {
		t.Errorf("killed %v", killed)
	}
	for role, numbers := range killed {
		slices.Sort(numbers)
		for i, number := range numbers {
			if number != i {
				t.Fatalf("killed %ss %v, want each number once", role, numbers)
			}
		}
	}
	if len(round.Writers) != len(writers) {
		t.Errorf("%d series of %d writers", len(round.Writers), len(writers))
	}
}

func TestGoroutinesCannotBeKilled(t *testing.T) {
	f, _ := newFakeFleet(nil)
	_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(1), time.Millisecond)})
	if err == nil || !strings.Contains(err.Error(), "only processes can be killed") {
		t.Errorf("error is %v", err)
	}
}

// A writer that exits although the round did not kill it is a failure, not a result.
func TestAWriterThatExitsInAKillRoundIsNamed(t *testing.T) {
	f := processes(t, "exit-in-round")
	_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(2), time.Second)})
	for _, want := range []string{
		"2 of 2 writers failed: writer 0: process",
		"exited unexpectedly (exit status 3)",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

// The next round has new writers, whose standard error is still shown.
func TestAFleetMakesAnotherRoundAfterAKillRound(t *testing.T) {
	f := processes(t, "early-exit")
	for range 2 {
		_, err := f.RoundWithKills(KillPlan{Plan: sustained(plan(1), time.Millisecond)})
		if err == nil || !strings.Contains(err.Error(), "panic: test") {
			t.Errorf("error is %v", err)
		}
	}
}
