// Package metrics computes metrics from outcomes: rates, exact quantiles, fairness. It measures
// nothing itself and does not depend on SQLite or the machine. It also declares the units of all
// benchmarks.
package metrics

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"busybench/bench/format"
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
	hitRounds    int // rounds with a lock error
	attempts     int
	lockErrors   int
	latencies    []int64   // of every attempt, in ns
	acked        []int64   // those of acknowledged attempts
	arrivals     weighted  // latencies by the time in which a caller could have arrived
	breakdown    breakdown // of the time from the attempts' first act
	maxGap       int64     // longest time of a writer without an acknowledgement, in ns
	held, idle   int64     // measured time with the lock held, and with it idle, in ns
	skews        []int64   // of every writer in every round, in ns
	jain         float64   // sum of the rounds' fairness indices
	hitWriters   float64   // sum of the rounds' shares of writers with a lock error
	lastAck      int64     // sum over the rounds: from release to the last acknowledgement, in ns
	perRound     []RoundErrors
	acknowledged int           // rows acknowledged within the measured time
	allRows      int           // all acknowledged rows
	cpu          time.Duration // processor time of the participants
	offered      int           // arrivals of open loops
	late         int           // those that a writer began late
	unserved     int           // those that no writer began within the measured time
	reads        reads         // of readers
	walBytes     int64         // largest size of a write-ahead log
	stall        int64         // longest time without an acknowledgement of any writer, in ns
	overlap      int           // max number of attempts in flight at once, of all bursts
	measured     time.Duration // of all rounds together

	coldStarts coldStarts
}

// NewCollector returns an empty collector for rounds of a mode.
func NewCollector(m outcome.Mode) *Collector { return &Collector{mode: m} }

// Add adds a round.
//
// The measured time of a burst runs from the release to the last outcome, that of a sustained round
// from the release to the deadline. An attempt that is under way at the deadline counts as an
// attempt, and so does its latency, but its rows do not count in the rate.
func (c *Collector) Add(r outcome.Round) {
	c.rounds++
	c.addWriters(r)
	if r.Mode != outcome.Sustained {
		c.overlap = max(c.overlap, maxOverlap(r.Writers))
	}
	c.measured += time.Duration(r.Length())
	c.cpu += r.CPU
	c.allRows += acknowledgedRows(r)
	c.stall = max(c.stall, stall(r))
	c.reads.add(r)
	c.walBytes = max(c.walBytes, r.WALBytes())
	held, idle := lockUse(r)
	c.held += held
	c.idle += idle
}

// addWriters adds the writers of a round, and what they have together.
func (c *Collector) addWriters(r outcome.Round) {
	var rows []int
	var errors RoundErrors
	var lastAck int64
	hit := 0
	for _, w := range r.Writers {
		p := c.addWriter(r, w)
		rows = append(rows, p.rows)
		lastAck = max(lastAck, p.lastAck)
		errors.Errors += p.errors.Errors
		errors.Attempts += p.errors.Attempts
		if p.errors.Errors > 0 {
			hit++
		}
	}
	c.perRound = append(c.perRound, errors)
	if hit > 0 {
		c.hitRounds++
	}
	c.hitWriters += ratio(float64(hit), float64(len(r.Writers)))
	c.jain += JainIndex(rows)
	c.lastAck += lastAck
}

// part is what one writer contributes to a round.
type part struct {
	rows    int // acknowledged within the measured time
	errors  RoundErrors
	lastAck int64 // from the release, in ns
}

// addWriter adds the attempts of a writer.
func (c *Collector) addWriter(r outcome.Round, w outcome.Series) (p part) {
	outcomes, before := r.Counted(w), c.lockErrors
	for _, o := range outcomes {
		p.rows += c.add(r, w.Batch(), o)
		if o.Acknowledged() {
			p.lastAck = max(p.lastAck, o.End-r.Release)
		}
	}
	p.errors = RoundErrors{Errors: c.lockErrors - before, Attempts: len(outcomes)}
	if len(outcomes) > 0 {
		c.skews = append(c.skews, outcomes[0].Start-r.Release)
	}
	if r.Mode == outcome.Sustained {
		c.maxGap = max(c.maxGap, maxGap(r, outcomes))
	}
	return p
}

// add adds an attempt. It returns the rows that were acknowledged within the measured time.
func (c *Collector) add(r outcome.Round, batch int, o outcome.Outcome) (rows int) {
	latency := o.End - Arrival(r, o)
	c.attempts++
	c.latencies = append(c.latencies, latency)
	c.arrivals.add(latency, min(o.End, r.End())-o.Start)
	if o.Intended != 0 {
		c.offered++
		if o.Start-o.Intended > int64(lateness) {
			c.late++
		}
		if o.Start >= r.End() {
			c.unserved++
		}
	}
	c.breakdown.add(o)
	if o.LockError() {
		c.lockErrors++
	}
	c.coldStarts.add(o)
	if !o.Acknowledged() {
		return 0
	}
	c.acked = append(c.acked, latency)
	if o.End > r.End() {
		return 0
	}
	c.acknowledged += batch
	return batch
}

// Arrival returns when the caller of an attempt comes. In a burst and in a cold start all come at
// the release, and a writer that has to wait for a processor before its first act makes its caller
// wait. In a sustained round a caller comes when the attempt before has ended, in an open loop at
// its arrival.
func Arrival(r outcome.Round, o outcome.Outcome) int64 {
	if r.Mode != outcome.Sustained {
		return r.Release
	}
	return cmp.Or(o.Intended, o.Start)
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
		{LastAck, ratio(float64(c.lastAck), float64(c.rounds))},
		{Overlap, float64(c.overlap)},
	}
	switch c.mode {
	case outcome.ColdStart:
		return slices.Concat(first, c.attempted(), c.coldStarts.metrics(c.attempts))
	case outcome.Sustained:
		first = []Metric{
			{NsPerOp, 0}, // hides the testing package's value, the length that was set
			{Jain, ratio(c.jain, float64(c.rounds))},
			{Starve, float64(c.maxGap)},
			{ArrivalP50, float64(c.arrivals.quantile(0.50))},
			{ArrivalP99, float64(c.arrivals.quantile(0.99))},
			{Offered, ratio(float64(c.offered), c.measured.Seconds())},
			{LatePercent, ratio(100*float64(c.late), float64(c.offered))},
		}
	}
	return slices.Concat(first, c.common(), c.breakdown.metrics(), c.reads.metrics(c.measured))
}

func (c *Collector) common() []Metric {
	return append(c.attempted(), []Metric{
		{InsertsPerSecond, ratio(float64(c.acknowledged), c.measured.Seconds())},
		{LockIdlePercent, ratio(100*float64(c.idle), float64(c.measured))},
		{LockHeldPercent, ratio(100*float64(c.held), float64(c.measured))},
		{Stall, float64(c.stall)},
		{WALBytes, float64(c.walBytes)},
		{CPUPerInsert, ratio(float64(c.cpu), float64(c.allRows))},
		{LostRows, 0}, // a lost row has failed the benchmark before
	}...)
}

// attempted returns the metrics of attempts of any kind.
func (c *Collector) attempted() []Metric {
	return []Metric{
		{LockErrorPercent, ratio(100*float64(c.lockErrors), float64(c.attempts))},
		{LockErrorWriters, ratio(100*c.hitWriters, float64(c.rounds))},
		{Rounds, float64(c.rounds)},
		{LockErrorRounds, float64(c.hitRounds)},
		{Attempts, float64(c.attempts)},
		{LockErrors, float64(c.lockErrors)},
		{P50, float64(Quantile(c.latencies, 0.50))},
		{P95, float64(Quantile(c.latencies, 0.95))},
		{P99, float64(c.P99())},
		{P999, float64(Quantile(c.latencies, 0.999))},
		{Max, float64(Quantile(c.latencies, 1))},
		{AckedP50, float64(Quantile(c.acked, 0.50))},
		{AckedP99, float64(Quantile(c.acked, 0.99))},
	}
}

// lateness is how long after its arrival an attempt begins late.
const lateness = time.Millisecond

// minServed is the share of arrivals that writers must begin within the measured time. Otherwise
// they do not keep up with the rate.
const minServed = 0.99

// Overload describes a rate that the writers did not keep up with, such as "57 % of 300 arrivals
// per second". It is empty if they did, and in a closed loop.
func (c *Collector) Overload() string {
	served := 1 - ratio(float64(c.unserved), float64(c.offered))
	if served >= minServed {
		return ""
	}
	return fmt.Sprintf("%.0f %% of %s arrivals per second", 100*served,
		format.Number(ratio(float64(c.offered), c.measured.Seconds())))
}

// KeepsUp reports whether the writers keep up with a rate, for a verdict on a short round: of N
// arrivals, one in a hundred may be left at the end of the measured time, rounded up, because one
// that comes just before the end says nothing. In a closed loop writers keep up.
func (c *Collector) KeepsUp() bool { return c.unserved <= (c.offered+99)/100 }

// LockErrorsByRound returns the lock errors of each round.
func (c *Collector) LockErrorsByRound() []RoundErrors { return c.perRound }

// Attempts returns the number of attempts.
func (c *Collector) Attempts() int { return c.attempts }

// LockErrors returns the number of attempts that ended in a lock error.
func (c *Collector) LockErrors() int { return c.lockErrors }

// P99 returns the 99th percentile of the latencies.
func (c *Collector) P99() time.Duration { return time.Duration(Quantile(c.latencies, 0.99)) }

// Skew returns the 99th percentile of the time from the release to a writer's first act.
func (c *Collector) Skew() time.Duration { return time.Duration(Quantile(c.skews, 0.99)) }
