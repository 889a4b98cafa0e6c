// Package metrics computes metrics from outcomes: rates, exact quantiles, fairness. It measures
// nothing itself and does not depend on SQLite or the machine. It also declares the units of all
// benchmarks.
package metrics

import (
	"time"

	"busybench/bench/outcome"
)

// Metric is one value of a benchmark with its unit.
type Metric struct {
	Unit  string
	Value float64
}

// Collector collects the rounds of a benchmark. Make one with [NewCollector].
type Collector struct {
	mode         outcome.Mode
	rounds       int
	attempts     int
	lockErrors   int
	latencies    []int64       // of every attempt, in ns
	acked        []int64       // those of acknowledged attempts
	breakdown    breakdown     // of the latencies
	maxGap       int64         // longest time of a writer without an acknowledgement, in ns
	held, idle   int64         // measured time with the lock held, and with it idle, in ns
	skews        []int64       // of every writer in every round, in ns
	overlap      int           // max number of attempts in flight at once, of all bursts
	perWriter    []int         // rows acknowledged within the measured time, by writer
	acknowledged int           // their sum
	measured     time.Duration // of all rounds together
}

// NewCollector returns an empty collector for rounds of a mode.
func NewCollector(m outcome.Mode) *Collector { return &Collector{mode: m} }

// Add adds a round.
//
// The measured time of a burst runs from the release to the last outcome, that of a sustained round
// from the release to the deadline. An attempt that ends after the deadline counts as an attempt,
// and so does its latency, but its rows do not count in the rate, because by then other writers
// have stopped.
func (c *Collector) Add(r outcome.Round) {
	if c.perWriter == nil {
		c.perWriter = make([]int, len(r.Writers))
	}
	c.rounds++
	end := r.End()
	for number, w := range r.Writers {
		for _, o := range w.Outcomes {
			c.add(number, w.Batch(), o, end)
		}
		if len(w.Outcomes) > 0 {
			c.skews = append(c.skews, w.Outcomes[0].Start-r.Release)
		}
		if r.Mode == outcome.Sustained {
			c.maxGap = max(c.maxGap, maxGap(r, w.Outcomes))
		}
	}
	if r.Mode == outcome.Burst {
		c.overlap = max(c.overlap, maxOverlap(r.Writers))
	}
	c.measured += time.Duration(r.Length())
	held, idle := lockUse(r)
	c.held += held
	c.idle += idle
}

func (c *Collector) add(number, batch int, o outcome.Outcome, end int64) {
	c.attempts++
	c.latencies = append(c.latencies, o.End-o.Start)
	c.breakdown.add(o)
	if o.Acknowledged() {
		c.acked = append(c.acked, o.End-o.Start)
	}
	switch {
	case o.LockError():
		c.lockErrors++
	case o.Acknowledged() && o.End <= end:
		c.perWriter[number] += batch
		c.acknowledged += batch
	}
}

// maxGap returns the longest time that a writer of a sustained round went without an
// acknowledgement. It counts from the release to the deadline, or to the end of an attempt under
// way at the deadline.
func maxGap(r outcome.Round, outcomes []outcome.Outcome) (longest int64) {
	last, end := r.Release, r.Deadline
	for _, o := range outcomes {
		end = max(end, o.End)
		if o.Acknowledged() {
			longest = max(longest, o.End-last)
			last = o.End
		}
	}
	return max(longest, end-last)
}

// Metrics returns the metrics of all rounds, always the same units for a mode.
func (c *Collector) Metrics() []Metric {
	first := []Metric{
		{NsPerOp, ratio(float64(c.measured), float64(c.rounds))},
		{Skew, float64(c.Skew())},
		{Overlap, float64(c.overlap)},
	}
	if c.mode == outcome.Sustained {
		first = []Metric{
			{NsPerOp, 0}, // hides the testing package's value, the length that was set
			{Jain, JainIndex(c.perWriter)},
			{Starve, float64(c.maxGap)},
		}
	}
	return append(append(first, c.common()...), c.breakdown.metrics()...)
}

func (c *Collector) common() []Metric {
	return []Metric{
		{InsertsPerSecond, ratio(float64(c.acknowledged), c.measured.Seconds())},
		{LockErrorPercent, ratio(100*float64(c.lockErrors), float64(c.attempts))},
		{Attempts, float64(c.attempts)},
		{LockErrors, float64(c.lockErrors)},
		{P50, float64(Quantile(c.latencies, 0.50))},
		{P99, float64(c.P99())},
		{Max, float64(Quantile(c.latencies, 1))},
		{AckedP50, float64(Quantile(c.acked, 0.50))},
		{AckedP99, float64(Quantile(c.acked, 0.99))},
		{LockIdlePercent, ratio(100*float64(c.idle), float64(c.measured))},
		{LockHeldPercent, ratio(100*float64(c.held), float64(c.measured))},
		{LostRows, 0}, // a lost row has failed the benchmark before
	}
}

// Attempts returns the number of attempts.
func (c *Collector) Attempts() int { return c.attempts }

// LockErrors returns the number of attempts that ended in a lock error.
func (c *Collector) LockErrors() int { return c.lockErrors }

// P99 returns the 99th percentile of the latencies.
func (c *Collector) P99() time.Duration { return time.Duration(Quantile(c.latencies, 0.99)) }

// Skew returns the 99th percentile of the time from the release to a writer's first act.
func (c *Collector) Skew() time.Duration { return time.Duration(Quantile(c.skews, 0.99)) }
