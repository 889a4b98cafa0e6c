package metrics

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"busybench/bench/outcome"
)

// base is the release of the rounds here, in ms. It is not 0, because an instant of 0 means never.
const base = 1000

// held returns an attempt that got the write lock. All times are in ms after the release.
func held(start, waitStart, acquired, released, end int64) outcome.Outcome {
	o := at(base+start, base+end, 0)
	o.WaitStart = (base + waitStart) * 1e6
	o.LockAcquired, o.LockReleased = (base+acquired)*1e6, (base+released)*1e6
	return o
}

// lockErrorAfter returns an attempt that asked for the write lock and never got it.
func lockErrorAfter(start, waitStart, end int64) outcome.Outcome {
	o := at(base+start, base+end, busy)
	o.WaitStart = (base + waitStart) * 1e6
	return o
}

func TestLockUse(t *testing.T) {
	for _, c := range []struct {
		name       string
		lists      [][]outcome.Outcome
		held, idle int64 // in ms
	}{
		{"no attempts", [][]outcome.Outcome{{}, {}}, 0, 0},
		{"one writer that does not wait", [][]outcome.Outcome{{held(10, 20, 20, 50, 60)}}, 30, 0},
		{
			"one writer that waits for a free lock",
			[][]outcome.Outcome{{held(10, 20, 40, 50, 60)}},
			10, 20,
		},
		{
			"one writer that waits for another",
			[][]outcome.Outcome{{held(0, 0, 0, 50, 50)}, {held(0, 1, 50, 60, 60)}},
			60, 0,
		},
		{
			"one writer that takes the lock 40 ms after its release",
			[][]outcome.Outcome{{held(1, 1, 1, 50, 50)}, {held(0, 2, 90, 99, 99)}},
			58, 40,
		},
		{
			"two writers that wait at once",
			[][]outcome.Outcome{{held(1, 10, 30, 40, 40)}, {held(1, 20, 40, 50, 50)}},
			20, 20,
		},
		{"a lock error", [][]outcome.Outcome{{lockErrorAfter(5, 10, 35)}}, 0, 25},
		{
			"attempts that begin before the release or end after the deadline",
			[][]outcome.Outcome{{held(-50, -40, -30, 30, 40)}, {held(80, 80, 90, 300, 300)}},
			40, 10,
		},
		{
			"several attempts of one writer",
			[][]outcome.Outcome{{
				held(0, 0, 10, 20, 20), held(20, 20, 30, 40, 40), lockErrorAfter(40, 40, 50),
			}},
			20, 30,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			gotHeld, gotIdle := lockUse(sustained(base*1e6, base*1e6+100e6, 1, c.lists))
			if gotHeld != c.held*1e6 || gotIdle != c.idle*1e6 {
				t.Errorf("held %d ns and idle %d ns, want %d and %d ms",
					gotHeld, gotIdle, c.held, c.idle)
			}
		})
	}
}

// The time before a lock that was not refused is not idle.
func TestWithoutAWaitTheLockIsNotIdle(t *testing.T) {
	o := held(10, 10, 60, 90, 90)
	o.WaitStart = 0
	round := sustained(base*1e6, base*1e6+100e6, 1, [][]outcome.Outcome{{o}})
	if held, idle := lockUse(round); held != 30e6 || idle != 0 {
		t.Errorf("held %d ns, idle %d ns, want 30 ms and 0", held, idle)
	}
}

// A transaction that failed and was retried did hold the lock.
func TestFailedHoldsAreNotIdleTime(t *testing.T) {
	lists := [][]outcome.Outcome{{held(0, 0, 80, 90, 90)}}
	round := sustained(base*1e6, base*1e6+100e6, 1, lists)
	round.Writers[0].FailedHolds = []outcome.Span{{From: (base + 10) * 1e6, To: (base + 40) * 1e6}}
	if held, idle := lockUse(round); held != 40e6 || idle != 50e6 {
		t.Errorf("held %d ns, idle %d ns, want 40 and 50 ms", held, idle)
	}
}

// randomRound returns a round in which attempts and holds of writers overlap at random. Some begin
// before the release, and some end after the deadline.
func randomRound(random *rand.Rand) outcome.Round {
	const release, length = 1000, 200
	r := outcome.Round{Schedule: outcome.Schedule{Release: release}}
	if random.IntN(2) == 0 {
		r.Mode, r.Deadline = outcome.Sustained, release+1+random.Int64N(length)
	}
	for range random.IntN(6) {
		var w outcome.Series
		now := release - 20 + random.Int64N(40)
		step := func() int64 { now += random.Int64N(20); return now }
		for range random.IntN(5) {
			o := outcome.Outcome{Start: step()}
			if random.IntN(5) > 0 {
				o.WaitStart = step()
				if random.IntN(3) == 0 {
					w.FailedHolds = append(w.FailedHolds, outcome.Span{From: step(), To: step()})
				}
				if random.IntN(4) > 0 {
					o.LockAcquired, o.LockReleased = step(), step()
				}
			}
			o.End = step()
			w.Outcomes = append(w.Outcomes, o)
		}
		r.Writers = append(r.Writers, w)
	}
	return r
}

// isHeld and isWaitedFor compute from the definition what LockUse computes from sorted changes.
func isHeld(r outcome.Round, instant int64) bool {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.LockAcquired != 0 && o.LockAcquired <= instant && instant < o.LockReleased {
				return true
			}
		}
		for _, s := range w.FailedHolds {
			if s.From <= instant && instant < s.To {
				return true
			}
		}
	}
	return false
}

func isWaitedFor(r outcome.Round, instant int64) bool {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			end := o.End
			if o.LockAcquired != 0 {
				end = o.LockAcquired
			}
			if o.WaitStart != 0 && o.WaitStart <= instant && instant < end {
				return true
			}
		}
	}
	return false
}

func TestLockUseOfRandomRounds(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for n := range 500 {
		r := randomRound(random)
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			spans := LockUse(r)
			last := r.Release
			for i, s := range spans {
				if s.From < last || s.To <= s.From || s.To > r.End() {
					t.Fatalf("span %d of %+v is empty, out of order or outside the round", i, spans)
				}
				if i > 0 && s.From == last && s.Held == spans[i-1].Held {
					t.Fatalf("spans %d and %d of %+v should be one", i-1, i, spans)
				}
				last = s.To
			}
			if held, idle := lockUse(r); held+idle > r.Length() {
				t.Errorf("held %d and idle %d of %d ns", held, idle, r.Length())
			}
			for instant := r.Release; instant < r.End(); instant++ {
				var got string
				for _, s := range spans {
					if s.From <= instant && instant < s.To {
						got = map[bool]string{true: "held", false: "idle"}[s.Held]
					}
				}
				want := ""
				switch {
				case isHeld(r, instant):
					want = "held"
				case isWaitedFor(r, instant):
					want = "idle"
				}
				if got != want {
					t.Fatalf("at %d the lock is %q, want %q: %+v", instant, got, want, spans)
				}
			}
		})
	}
}

func TestMetricsOfTwoSustainedRounds(t *testing.T) {
	c := NewCollector(outcome.Sustained)
	c.Add(sustained(base*1e6, base*1e6+100e6, 3, [][]outcome.Outcome{
		{held(0, 0, 20, 40, 40)}, {lockErrorAfter(0, 10, 50)},
	}))
	c.Add(sustained(2*base*1e6, 2*base*1e6+100e6, 3, [][]outcome.Outcome{{}, {}}))
	compare(t, c.Metrics(), withoutReads(map[string]float64{
		"ns/op":     0,
		"inserts/s": 3 / 0.2, // a batch of three
		"lockerr-%": 50,
		"attempts":  2,
		"lockerrs":  1,
		"p50-ns":    40e6,
		"p95-ns":    50e6, "p99-ns": 50e6, "p999-ns": 50e6,
		"max-ns":       50e6,
		"acked-p50-ns": 40e6, "acked-p99-ns": 40e6, // of 40
		"arrival-p50-ns": 50e6, "arrival-p99-ns": 50e6, // 40 of 90 ms are in the shorter attempt
		"stall-ns": 100e6, "cpu-ns/insert": 0, "offered/s": 0, "late-%": 0,
		"rounds": 2, "lockerr-rounds": 1, "lockerr-writers-%": 25, // half, in one of two rounds
		"lockidle-%": 100 * (20 + 10) / 200.0, // until 20, and from 40 to 50
		"lockheld-%": 100 * 20 / 200.0,
		"wait-%":     100 * (20 + 50) / 90.0,
		"insert-%":   100 * 20 / 90.0, // these outcomes have no start of the commit
		"open-%":     0, "begin-%": 0, "commit-%": 0, "close-%": 0,
		"jain":      0.25, // 0.5 and 0
		"starve-ns": 100e6,
		"lost-rows": 0,
	}))
}

func TestMaxGap(t *testing.T) {
	for _, c := range []struct {
		name string
		list []outcome.Outcome
		want int64 // in ms
	}{
		{"no attempts", nil, 100},
		{"before the first acknowledgement", []outcome.Outcome{at(0, 60, 0), at(60, 90, 0)}, 60},
		{
			"between two acknowledgements",
			[]outcome.Outcome{at(0, 10, 0), at(10, 50, busy), at(50, 80, 0)},
			70,
		},
		{"until the deadline", []outcome.Outcome{at(0, 10, 0), at(10, 20, 0)}, 80},
		{
			"until an acknowledgement after the deadline",
			[]outcome.Outcome{at(0, 90, 0), at(90, 290, 0)},
			200,
		},
		{
			"until a lock error after the deadline",
			[]outcome.Outcome{at(0, 90, 0), at(90, 290, busy)},
			200,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := maxGap(sustained(0, 100e6, 1, nil), c.list); got != c.want*1e6 {
				t.Errorf("gap is %d ns, want %d ms", got, c.want)
			}
		})
	}
}
