package main

import (
	"fmt"
	"math"

	"github.com/aclements/go-moremath/stats"

	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// figure is what the gate judges: a row in a unit.
type figure struct {
	row, unit string
	change    string  // such as "1.9x [1.5, 2.4]"
	p         float64 // one-sided, that it is worse by more than the threshold
	minP      float64 // the smallest that this number of runs can have
	adjusted  float64 // p for the number of figures; 1 if constant
	constant  bool    // the same in all runs of both snapshots
	worse     float64 // factor by which it is worse, 1 if unknown or no factor
	worst     float64 // percent by which it is worse at the far end of its interval, or NaN
}

// change is a row of two snapshots.
type change struct {
	older, newer  *snapshot.Snapshot
	before, after snapshot.Row
	paired        bool
	figures       int // that the gate judges, at most
}

// isBiased reports whether lock errors bias a unit so that the new snapshot looks worse than it is,
// or, for a time, in either direction: an attempt that ends in one is short, and others have less
// to wait for. A rate is biased if the lock errors of the old snapshot have become fewer.
func (c change) isBiased(unit string) bool {
	if unit == metrics.P99 {
		return c.before.Refuses() || c.after.Refuses()
	}
	before, after := c.shares()
	return c.before.Refuses() && ranktest.Greater(before, after) <= gateAlpha
}

// figure judges a rate or a time. The test asks whether the new samples are worse than the old ones
// multiplied by the threshold. It is the test that the interval of the ratio belongs to: p is at
// most 0.025 if, and only if, the 95 % interval lies beyond the threshold.
func (c change) figure(unit string, percent float64) figure {
	before, after := c.before.Samples(unit), c.after.Samples(unit)
	f := figure{row: c.before.Name, unit: unit, adjusted: 1, worse: 1, worst: math.NaN(),
		constant: isConstant(before, after)}
	higher := unit != metrics.P99 // is better
	threshold := 1 + percent/100
	if higher {
		threshold = 1 - percent/100
	}
	if r, minP, ok := c.ratio(unit, 1); ok {
		f.minP, f.change = minP, withInterval(r.Ratio)
		f.p = c.test(unit, threshold, higher)
		f.worse, f.worst = r.Center, 100*(r.High-1)
		if higher {
			f.worse, f.worst = 1/r.Center, 100*(1-r.Low)
		}
		return f
	}
	f.minP, f.p = ranktest.MinGreater(len(before), len(after)), c.rankTest(unit, threshold, higher)
	f.change = fmt.Sprintf("%s, then %s (medians)",
		formatValue(unit, snapshot.Summary(before).Center),
		formatValue(unit, snapshot.Summary(after).Center))
	return f
}

// ratio returns the ratio of the new samples to the old ones times a factor, and the smallest p
// value that a one-sided test of it can have. It is that of pairs of runs if they can be judged one
// by one.
func (c change) ratio(unit string, factor float64) (
	r snapshot.TestedRatio, minP float64, ok bool,
) {
	if c.paired {
		after, before := c.newer.Pairs(c.after, c.older, c.before, unit)
		if n := len(after); c.canJudgePairs(n) {
			if r, ok = snapshot.PairedRatio(after, scale(before, factor)); ok {
				return r, ranktest.MinPositive(n), true
			}
		}
	}
	before, after := c.before.Samples(unit), c.after.Samples(unit)
	r, ok = snapshot.UnpairedRatio(after, scale(before, factor))
	return r, ranktest.MinGreater(len(before), len(after)), ok
}

// canJudgePairs reports whether n pairs can be judged one by one, by the signed-rank test: if its
// smallest p value is small enough for all figures. The U test, which needs fewer runs, is valid
// for pairs, too: what both runs of a pair have in common makes it find less, not more.
func (c change) canJudgePairs(n int) bool {
	return ranktest.CanFind(ranktest.MinPositive(n), c.figures)
}

// test returns the p value that the new samples are worse than the old ones times a threshold, for
// samples that have a ratio. No rate is worse by 100 % or more.
func (c change) test(unit string, threshold float64, higher bool) float64 {
	r, _, ok := c.ratio(unit, threshold)
	switch {
	case !ok:
		return 1
	case higher:
		return r.Below
	}
	return r.Above
}

// rankTest returns the p value that the new samples are worse than the old ones times a threshold,
// for samples that have no ratio.
func (c change) rankTest(unit string, threshold float64, higher bool) float64 {
	before, after := scale(c.before.Samples(unit), threshold), c.after.Samples(unit)
	if higher {
		return ranktest.Greater(before, after)
	}
	return ranktest.Greater(after, before)
}

// scale returns samples times a factor.
func scale(samples []float64, factor float64) (scaled []float64) {
	for _, v := range samples {
		scaled = append(scaled, v*factor)
	}
	return scaled
}

// lockErrors judges the share of lock errors by round, or by run if a snapshot does not have those
// of rounds. Attempts of one round are not independent. Two conditions must hold: the rounds have
// more lock errors than before, by the U test, and the interval of the difference (Welch's) lies
// beyond the threshold, in percentage points. The larger p value is that of both.
func (c change) lockErrors(points float64) figure {
	before, after := c.shares()
	f := figure{row: c.before.Name, unit: "lock errors", adjusted: 1, worse: 1, worst: math.NaN(),
		constant: isConstant(before, after),
		minP:     ranktest.MinGreater(len(before), len(after))}
	shifted := make([]float64, len(before))
	for i, share := range before {
		shifted[i] = share + points
	}
	f.p = max(ranktest.Greater(after, before), welch(after, shifted))
	f.change = fmt.Sprintf("%s of the attempts, then %s",
		formatShare(mean(before)), formatShare(mean(after)))
	return f
}

// shares returns the lock errors of each round as a percentage of its attempts.
func (c change) shares() (before, after []float64) {
	a, okA := c.older.RoundErrors(c.before)
	b, okB := c.newer.RoundErrors(c.after)
	if !okA || !okB {
		a, b = c.before.RunErrors(), c.after.RunErrors()
	}
	return percentages(a), percentages(b)
}

func percentages(rounds []metrics.RoundErrors) (shares []float64) {
	for _, r := range rounds {
		shares = append(shares, 100*r.Share())
	}
	return shares
}

// welch returns the p value that the mean of a is above that of b.
func welch(a, b []float64) float64 {
	result, err := stats.TwoSampleWelchTTest(
		stats.Sample{Xs: a}, stats.Sample{Xs: b}, stats.LocationGreater)
	switch {
	case err == nil:
		return result.P
	case mean(a) > mean(b): // neither varies
		return 0
	}
	return 1
}

func mean(values []float64) float64 { return stats.Mean(values) }

// isConstant reports whether all samples are equal.
func isConstant(before, after []float64) bool {
	for _, values := range [][]float64{before, after} {
		for _, v := range values {
			if v != before[0] {
				return false
			}
		}
	}
	return true
}

// disk is how the disk itself changed between two snapshots.
type disk struct {
	snapshot.TestedRatio
	ok bool // both measured it
}

// newDisk compares the syncs per second of two snapshots.
func newDisk(older, newer *snapshot.Snapshot) (d disk) {
	for _, pair := range snapshot.Common(older, newer) {
		c := change{older, newer, pair[0], pair[1], snapshot.Interleaved(older, newer), 0}
		if len(c.before.Samples(metrics.SyncsPerSecond)) > 0 && !d.ok {
			d.TestedRatio, _, d.ok = c.ratio(metrics.SyncsPerSecond, 1)
		}
	}
	return d
}

// describe says that the disk changed, if it did, and whether the figures that are worse changed
// with it: by no more than the square of its own change.
func (d disk) describe(worse []figure) string {
	if !d.ok || d.Low <= 1 && d.High >= 1 {
		return ""
	}
	syncs := fmt.Sprintf("it syncs %s as often per second as before", withInterval(d.Ratio))
	logs, n := 0.0, 0
	for _, f := range worse {
		if f.worse > 1 {
			logs += math.Log(f.worse)
			n++
		}
	}
	if n == 0 || -math.Log(d.Center) < logs/float64(n)/2 {
		return fmt.Sprintf("The disk changed: %s. Rates and times change with it.", syncs)
	}
	return fmt.Sprintf("The disk changed, not only the program: %s, and %s worse by %s on average.",
		syncs, ratesAndTimes(n), times(math.Exp(logs/float64(n))))
}

func ratesAndTimes(n int) string {
	if n == 1 {
		return "1 rate or time is"
	}
	return fmt.Sprintf("%d rates and times are", n)
}
