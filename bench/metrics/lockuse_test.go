package metrics

import (
	"busybench/bench/outcome"
	"testing"
)

// base is the release of the rounds here, in ms: an instant of 0 means never.
const base = 1000

// held makes an outcome, in milliseconds after the release, that asked for the write lock, got it and let it go.
func held(start, asked, got, letGo, end int64) outcome.Outcome {
	o := at(base+start, base+end, 0)
	o.WaitStart, o.LockAcquired, o.LockReleased = (base+asked)*1e6, (base+got)*1e6, (base+letGo)*1e6
	return o
}

// refused asked for it in vain.
func refused(start, asked, end int64) outcome.Outcome {
	o := at(base+start, base+end, busy)
	o.WaitStart = (base + asked) * 1e6
	return o
}

func TestLockUse(t *testing.T) {
	for _, c := range []struct {
		what       string
		lists      [][]outcome.Outcome
		held, idle int64
	}{
		{"nobody", [][]outcome.Outcome{{}, {}}, 0, 0},
		{"one alone holds, waits for nobody", [][]outcome.Outcome{{held(10, 20, 20, 50, 60)}}, 30, 0},
		{"one waits though nobody holds", [][]outcome.Outcome{{held(10, 20, 40, 50, 60)}}, 10, 20},
		{"one waits for another", [][]outcome.Outcome{{held(0, 0, 0, 50, 50)}, {held(0, 1, 50, 60, 60)}}, 60, 0},
		{"and comes late by 40", [][]outcome.Outcome{{held(1, 1, 1, 50, 50)}, {held(0, 2, 90, 99, 99)}}, 58, 40},
		{"two wait, which counts once", [][]outcome.Outcome{{held(1, 10, 30, 40, 40)}, {held(1, 20, 40, 50, 50)}}, 20, 20},
		{"one gives up", [][]outcome.Outcome{{refused(5, 10, 35)}}, 0, 25},
		{"one begins before and ends after", [][]outcome.Outcome{{held(-50, -40, -30, 30, 40)}, {held(80, 80, 90, 300, 300)}}, 40, 10},
		{"again and again", [][]outcome.Outcome{{held(0, 0, 10, 20, 20), held(20, 20, 30, 40, 40), refused(40, 40, 50)}}, 20, 30},
	} {
		gotHeld, gotIdle := lockUse(sustained(base*1e6, base*1e6+100e6, 1, c.lists))
		if gotHeld != c.held*1e6 || gotIdle != c.idle*1e6 {
			t.Errorf("%s: held %d ns and idle %d ns, want %d and %d ms", c.what, gotHeld, gotIdle, c.held, c.idle)
		}
	}
}

// A try that failed and was followed by another did hold the lock.
func TestFailedHoldsAreNotIdleTime(t *testing.T) {
	round := sustained(base*1e6, base*1e6+100e6, 1, [][]outcome.Outcome{{held(0, 0, 80, 90, 90)}})
	round.Writers[0].FailedHolds = []outcome.Span{{From: (base + 10) * 1e6, To: (base + 40) * 1e6}}
	if held, idle := lockUse(round); held != 40e6 || idle != 50e6 {
		t.Errorf("held %d ns, idle %d ns, want 40 and 50 ms", held, idle)
	}
}

func TestLockFigures(t *testing.T) {
	tally := NewCollector(outcome.Sustained)
	tally.Add(sustained(base*1e6, base*1e6+100e6, 3, [][]outcome.Outcome{{held(0, 0, 20, 40, 40)}, {refused(0, 10, 50)}}))
	tally.Add(sustained(2*base*1e6, 2*base*1e6+100e6, 3, [][]outcome.Outcome{{}, {}}))
	compare(t, tally.Metrics(), map[string]float64{
		"ns/op":      0,
		"inserts/s":  3 / 0.2, // a batch of three
		"lockerr-%":  50,
		"attempts":   2,
		"lockerrs":   1,
		"p50-ns":     40e6,
		"p99-ns":     50e6,
		"max-ns":     50e6,
		"lockidle-%": 100 * (20 + 10) / 200.0, // until 20, and from 40 to 50
		"lockheld-%": 100 * 20 / 200.0,
		"wait-%":     100 * (20 + 50) / 90.0,
		"insert-%":   100 * 20 / 90.0, // nobody says when a row was in
		"open-%":     0, "begin-%": 0, "commit-%": 0, "close-%": 0,
		"jain":      0.5,
		"starve-ns": 100e6,
		"lost-rows": 0,
	})
}

func TestMaxGap(t *testing.T) {
	for _, c := range []struct {
		what string
		list []outcome.Outcome
		want int64
	}{
		{"nobody", nil, 100},
		{"until the first", []outcome.Outcome{at(0, 60, 0), at(60, 90, 0)}, 60},
		{"in between, with an error in it", []outcome.Outcome{at(0, 10, 0), at(10, 50, busy), at(50, 80, 0)}, 70},
		{"until the end", []outcome.Outcome{at(0, 10, 0), at(10, 20, 0)}, 80},
		{"beyond the end", []outcome.Outcome{at(0, 90, 0), at(90, 290, 0)}, 200},
		{"beyond the end, in vain", []outcome.Outcome{at(0, 90, 0), at(90, 290, busy)}, 200},
	} {
		if got := maxGap(sustained(0, 100e6, 1, nil), c.list); got != c.want*1e6 {
			t.Errorf("%s: %d ns, want %d ms", c.what, got, c.want)
		}
	}
}
