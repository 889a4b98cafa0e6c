package metrics

import (
	"busybench/bench/outcome"
	"testing"
)

// Each part of an attempt goes where it belongs, and nothing is left over.
func TestBreakdownAddsUp(t *testing.T) {
	for _, c := range []struct {
		what string
		o    outcome.Outcome
		want breakdown
	}{
		{"connects, then waits", outcome.Outcome{Start: 100, Trace: outcome.Trace{WaitStart: 110, LockAcquired: 150, CommitStart: 153, LockReleased: 170}, OpenDuration: 10, End: 175},
			breakdown{open: 10, wait: 40, insert: 3, commit: 17, close: 5}},
		{"waits in a queue, then connects", outcome.Outcome{Start: 100, Trace: outcome.Trace{WaitStart: 100, LockAcquired: 150, CommitStart: 153, LockReleased: 170}, OpenDuration: 10, End: 175},
			breakdown{open: 10, wait: 40, insert: 3, commit: 17, close: 5}},
		{"begins, and reads", outcome.Outcome{Start: 100, Trace: outcome.Trace{BeginDuration: 20, WaitStart: 120, LockAcquired: 150, CommitStart: 160, LockReleased: 170}, End: 170},
			breakdown{begin: 20, wait: 30, insert: 10, commit: 10}},
		{"never gets it", outcome.Outcome{Start: 100, Trace: outcome.Trace{WaitStart: 110}, OpenDuration: 10, End: 200, Code: busy},
			breakdown{open: 10, wait: 90}},
		{"gets it, and fails to insert", outcome.Outcome{Start: 100, Trace: outcome.Trace{WaitStart: 100, LockAcquired: 120, LockReleased: 130}, End: 140, Code: busy},
			breakdown{wait: 20, insert: 10, close: 10}},
		{"gets it, and fails to commit", outcome.Outcome{Start: 100, Trace: outcome.Trace{WaitStart: 100, LockAcquired: 120, CommitStart: 121, LockReleased: 130}, End: 130, Code: busy},
			breakdown{wait: 20, insert: 1, commit: 9}},
	} {
		var got breakdown
		if got.add(c.o); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
		sum := 0.0
		for _, f := range got.metrics() {
			sum += f.Value
		}
		if sum < 100-1e-9 || sum > 100+1e-9 {
			t.Errorf("%s: the shares add up to %v", c.what, sum)
		}
	}
}
