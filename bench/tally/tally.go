// Package tally turns outcomes into figures: rates, exact quantiles, fairness. It is pure: it
// measures nothing and knows neither SQLite nor the machine.
package tally

import (
	"time"

	"busybench/bench/writer"
)

// Figure is one measurement in the unit of which benchstat makes a column.
type Figure struct {
	Unit  string
	Value float64
}

// Tally gathers the outcomes of a benchmark's rounds. The zero Tally is empty.
type Tally struct {
	rounds       int
	attempts     int
	lockErrors   int
	waits        []int64       // how long callers waited for their outcomes, in ns, by attempt
	spent        spent         // of that, on what
	starved      int64         // the longest time without an acknowledgement, of any writer in any round
	held, idle   int64         // of the measured time: a writer held the write lock; some waited and none held it
	skews        []int64       // of every writer in every round, in ns
	perWriter    []int         // rows acknowledged within the measured time, by writer
	acknowledged int           // their sum
	measured     time.Duration // the measured time of all rounds together
}

// Add gathers one round: the instant of its release, the instant until which it was sustained
// (0 for a burst), and each writer's outcomes, whose instants are in ns.
//
// The measured time of a burst runs from the release to the last outcome. That of a sustained
// round is its length: an attempt that ends after the deadline counts as an attempt and its wait
// counts as a wait, but its row adds nothing to the rate, because by then other writers have
// stopped.
func (t *Tally) Add(at, until int64, writers []writer.Outcomes) {
	if t.perWriter == nil {
		t.perWriter = make([]int, len(writers))
	}
	t.rounds++
	last := at
	for number, outcomes := range writers {
		for i, o := range outcomes.List {
			if i == 0 {
				t.skews = append(t.skews, o.Start-at)
			}
			t.add(number, outcomes.Batch(), o, until)
			last = max(last, o.End)
		}
		t.starved = max(t.starved, starved(at, until, outcomes.List))
	}
	if until == 0 {
		until = last
	}
	t.measured += time.Duration(until - at)
	held, idle := lockUse(at, until, writers)
	t.held += held
	t.idle += idle
}

func (t *Tally) add(number, batch int, o writer.Outcome, until int64) {
	t.attempts++
	t.waits = append(t.waits, o.End-o.Start)
	t.spent.add(o)
	switch {
	case o.LockError():
		t.lockErrors++
	case o.Acknowledged() && (until == 0 || o.End <= until):
		t.perWriter[number] += batch
		t.acknowledged += batch
	}
}

// Burst gives the figures of a benchmark whose rounds were bursts.
func (t *Tally) Burst() []Figure {
	return append([]Figure{
		{"ns/op", ratio(float64(t.measured), float64(t.rounds))},
		{"skew-ns", float64(t.Skew())},
	}, t.common()...)
}

// Sustained gives the figures of a benchmark whose rounds were sustained.
func (t *Tally) Sustained() []Figure {
	return append([]Figure{
		{"ns/op", 0}, // which hides the testing package's own: a round's length is no finding
		{"jain", Jain(t.perWriter)},
		{"starve-ns", float64(t.starved)},
	}, t.common()...)
}

func (t *Tally) common() []Figure {
	return append([]Figure{
		{"inserts/s", ratio(float64(t.acknowledged), t.measured.Seconds())},
		{"lockerr-%", ratio(100*float64(t.lockErrors), float64(t.attempts))},
		{"attempts", float64(t.attempts)},
		{"lockerrs", float64(t.lockErrors)},
		{"p50-ns", float64(Quantile(t.waits, 0.50))},
		{"p99-ns", float64(t.P99())},
		{"max-ns", float64(Quantile(t.waits, 1))},
		{"lockidle-%", ratio(100*float64(t.idle), float64(t.measured))},
		{"hold-%", ratio(100*float64(t.held), float64(t.measured))},
		// A lost row fails the benchmark before it comes to figures.
		{"lost-rows", 0},
	}, t.spent.figures()...)
}

// Attempts counts them.
func (t *Tally) Attempts() int { return t.attempts }

// LockErrors counts the attempts that ended in one.
func (t *Tally) LockErrors() int { return t.lockErrors }

// P99 is the 99th percentile of how long callers waited for their outcomes.
func (t *Tally) P99() time.Duration { return time.Duration(Quantile(t.waits, 0.99)) }

// Skew is the 99th percentile of a writer's first act minus the release.
func (t *Tally) Skew() time.Duration { return time.Duration(Quantile(t.skews, 0.99)) }

// ratio is a/b, and 0 where there is nothing to divide by: benchstat takes neither NaN nor Inf.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
