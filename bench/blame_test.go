package bench

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/blame"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// In a real round the holds of the others and the idle time of each wait that ended in a lock error
// add up to the wait. The idle time is computed in another way, by [metrics.LockUse].
func TestBlameOfARealRoundAddsUp(t *testing.T) {
	for _, axes := range []string{
		"exec=goroutine journal=delete writers=64 busy=2ms txn=immediate",
		"exec=goroutine journal=wal writers=64 busy=retry:2ms txn=immediate",
		"exec=process journal=delete writers=16 busy=1ms txn=immediate",
	} {
		t.Run(axes, func(t *testing.T) {
			s := scenarioFor(t, axes)
			for range 100 {
				round, _ := runBurst(t, s, func(database) {})
				if waits := waitsOf(round.Round); len(waits) > 0 {
					requireBlameAddsUp(t, round.Round, waits)
					return
				}
			}
			t.Error("no attempt ended in a lock error")
		})
	}
}

// An intruder that keeps the file locked until the round is over is the longest holder in the wait
// of every writer, and the times of each wait add up. Lock errors before that are not its own.
func TestAnIntruderIsBlamedForLockErrors(t *testing.T) {
	for _, axes := range []string{
		"exec=goroutine journal=wal", "exec=goroutine journal=delete", "exec=process journal=wal",
		"exec=process journal=delete",
	} {
		t.Run(axes, func(t *testing.T) {
			s := scenarioFor(t, axes+" writers=3 busy=50ms conn=held think=2ms intruder=lock:1h")
			for range 100 {
				round := runSustained(t, s, 100*time.Millisecond)
				all := round.Intruders[0].Outcomes
				latest := round.Deadline - int64(10*time.Millisecond)
				if len(all) == 1 && all[0].LockAcquired < latest &&
					!hasLockErrorBefore(round, all[0].LockAcquired) {
					requireIntruderIsBlamed(t, s, round)
					return
				}
			}
			t.Error("the intruder was too late, or not the first in the way, in each round")
		})
	}
}

// hasLockErrorBefore reports whether an attempt ended in a lock error before an instant.
func hasLockErrorBefore(r outcome.Round, instant int64) bool {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.LockError() && o.End < instant {
				return true
			}
		}
	}
	return false
}

// runSustained makes a sustained round and audits it.
func runSustained(t *testing.T, s scenario.Scenario, length time.Duration) outcome.Round {
	t.Helper()
	r, db := setup(t, s)
	r.mode, r.length = outcome.Sustained, length
	round, err := runOn(r.fleet, db, r.plan(env.Seed))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.audit(); err != nil {
		t.Error(err)
	}
	return round.Round
}

func requireIntruderIsBlamed(t *testing.T, s scenario.Scenario, r outcome.Round) {
	t.Helper()
	report := anatomy.New(s)
	report.Add(r)
	kinds := report.Reports("x")[0].Kinds
	if len(kinds) == 0 {
		t.Error("no lock errors")
	}
	for _, k := range kinds {
		b := k.Blame
		if b.Longest.Role != outcome.Intruder || b.Longest.Step != "lock" ||
			b.Held+b.Own+b.Unknown+b.Idle != b.Waited {
			t.Errorf("blame is %+v", b)
		}
	}
}

// waitsOf returns the waits of the lock errors of attempts that never had the write lock.
func waitsOf(r outcome.Round) (waits []blame.Wait) {
	for number, w := range r.Writers {
		for _, o := range w.Outcomes {
			wait, ok := blame.NewWait(outcome.Participant{Number: number}, o)
			if ok && o.LockAcquired == 0 {
				waits = append(waits, wait)
			}
		}
	}
	return waits
}

func requireBlameAddsUp(t *testing.T, r outcome.Round, waits []blame.Wait) {
	t.Helper()
	held := heldSpans(r)
	for i, b := range blame.NewHistory(r).Blame(waits) {
		w := waits[i]
		var want int64
		for _, s := range held {
			want += max(0, min(s.To, w.To)-max(s.From, w.From))
		}
		length := w.To - w.From
		if b.Held+b.Own != want || b.Idle != length-want || b.Unknown != 0 {
			t.Errorf("%v waited %d ns, %d of them with the lock held: blame is %+v",
				w.By, length, want, b)
		}
		others := map[outcome.Participant]bool{}
		holds, _ := blame.Holds(r)
		slices.SortFunc(holds, func(a, b blame.Hold) int { return cmp.Compare(a.From, b.From) })
		for j, hold := range holds {
			end := hold.To
			if j+1 < len(holds) {
				end = min(end, holds[j+1].From)
			}
			if hold.By != w.By && hold.From < w.To && end > w.From {
				others[hold.By] = true
			}
		}
		if b.Holders != len(others) || len(others) > 0 && !others[b.Longest.By] {
			t.Errorf("%v has %d holders, of whom the longest is %v, want %d",
				w.By, b.Holders, b.Longest, len(others))
		}
	}
}

// heldSpans returns when the write lock was held.
func heldSpans(r outcome.Round) (held []outcome.Span) {
	for _, s := range metrics.LockUse(r) {
		if s.Held {
			held = append(held, s.Span)
		}
	}
	return held
}
