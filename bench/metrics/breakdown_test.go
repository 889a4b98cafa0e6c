package metrics

import (
	"testing"

	"busybench/bench/outcome"
)

// Each part of an attempt counts in one phase, and the parts add up to the whole.
func TestBreakdownAddsUp(t *testing.T) {
	for _, c := range []struct {
		name string
		o    outcome.Outcome
		want breakdown
	}{
		{
			"connects, then waits",
			outcome.Outcome{
				Start: 100, OpenDuration: 10, End: 175, Trace: outcome.Trace{
					WaitStart: 110, LockAcquired: 150, CommitStart: 153, LockReleased: 170,
				},
			},
			breakdown{open: 10, wait: 40, insert: 3, commit: 17, close: 5},
		},
		{
			"does not wait",
			outcome.Outcome{
				Start: 100, OpenDuration: 10, End: 175, Trace: outcome.Trace{
					BeginDuration: 40, LockAcquired: 150, CommitStart: 153, LockReleased: 170,
				},
			},
			breakdown{open: 10, begin: 40, insert: 3, commit: 17, close: 5},
		},
		{
			"waits in a queue, then connects",
			outcome.Outcome{
				Start: 100, OpenDuration: 10, End: 175, Trace: outcome.Trace{
					WaitStart: 100, LockAcquired: 150, CommitStart: 153, LockReleased: 170,
				},
			},
			breakdown{open: 10, wait: 40, insert: 3, commit: 17, close: 5},
		},
		{
			"begins and reads",
			outcome.Outcome{
				Start: 100, End: 170, Trace: outcome.Trace{
					BeginDuration: 20, WaitStart: 120, LockAcquired: 150, CommitStart: 160,
					LockReleased: 170,
				},
			},
			breakdown{begin: 20, wait: 30, insert: 10, commit: 10},
		},
		{
			"never gets the lock",
			outcome.Outcome{
				Start: 100, OpenDuration: 10, End: 200, Code: busy,
				Trace: outcome.Trace{WaitStart: 110},
			},
			breakdown{open: 10, wait: 90},
		},
		{
			"gets the lock and fails to insert",
			outcome.Outcome{
				Start: 100, End: 140, Code: busy,
				Trace: outcome.Trace{WaitStart: 100, LockAcquired: 120, LockReleased: 130},
			},
			breakdown{wait: 20, insert: 10, close: 10},
		},
		{
			"gets the lock and fails to commit",
			outcome.Outcome{
				Start: 100, End: 130, Code: busy, Trace: outcome.Trace{
					WaitStart: 100, LockAcquired: 120, CommitStart: 121, LockReleased: 130,
				},
			},
			breakdown{wait: 20, insert: 1, commit: 9},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got breakdown
			if got.add(c.o); got != c.want {
				t.Errorf("breakdown is %+v, want %+v", got, c.want)
			}
			sum := 0.0
			for _, m := range got.metrics() {
				sum += m.Value
			}
			if sum < 100-1e-9 || sum > 100+1e-9 {
				t.Errorf("the shares add up to %v %%, want 100", sum)
			}
		})
	}
}
