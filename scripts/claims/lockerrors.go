package main

import (
	"fmt"
	"math"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// lockErrors are those of all runs of a row.
type lockErrors struct {
	errors, attempts int
	shares           []float64 // of each round, or of each run of an older snapshot
}

func newLockErrors(s *snapshot.Snapshot, row snapshot.Row) lockErrors {
	return lockErrors{
		errors:   int(row.Sum(metrics.LockErrors)),
		attempts: int(row.Sum(metrics.Attempts)),
		shares:   s.LockErrorShares(row),
	}
}

// percent returns the share of lock errors with its 95 % interval. It is the interval of Clopper
// and Pearson, extended to the one of the median of the rounds: attempts of one round are not
// independent.
func (l lockErrors) percent() (center, low, high float64) {
	if l.attempts == 0 {
		return 0, 0, 100
	}
	const side = 0.975
	low = 1 - metrics.UpperBoundAt(l.attempts-l.errors, l.attempts, side)
	high = metrics.UpperBoundAt(l.errors, l.attempts, side)
	rounds := snapshot.Summary(l.shares)
	low, high = min(low, max(rounds.Lo, 0)), max(high, min(rounds.Hi, 1))
	return 100 * float64(l.errors) / float64(l.attempts), 100 * low, 100 * high
}

func (l lockErrors) judgeShare(b bound) (verdict, string) {
	center, low, high := l.percent()
	return b.judge(low, high), fmt.Sprintf("%s of %s, %s [%s, %s]",
		format.Number(float64(l.errors)), format.Number(float64(l.attempts)),
		snapshot.FormatShare(center), format.Number(low), format.Number(high))
}

// unseen is the max share of attempts that may be lock errors if none was seen: "none" means fewer
// than 1 in 1,000, with a confidence of 95 %.
const unseen = 0.001

// judgeAny confirms by a single lock error that there are some. It refutes that if there is none
// and the 95 % bound of their share is at most [unseen].
func (l lockErrors) judgeAny() (verdict, string) {
	if l.errors > 0 {
		_, figure := l.judgeShare(bound{math.Inf(-1), math.Inf(1), ""})
		return confirmed, figure
	}
	bound := metrics.UpperBound(0, l.attempts)
	figure := fmt.Sprintf("none in %s attempts, at most %s",
		format.Number(float64(l.attempts)), snapshot.FormatShare(100*bound))
	if bound <= unseen {
		return refuted, figure
	}
	return undecided, figure
}

// judgeFewer compares the shares of two rows by the U test, with rounds as its units.
func judgeFewer(s *snapshot.Snapshot, a, b snapshot.Row) (verdict, string) {
	x, y := newLockErrors(s, a), newLockErrors(s, b)
	const alpha = 0.025 // on each side
	fewer, more := ranktest.Greater(y.shares, x.shares), ranktest.Greater(x.shares, y.shares)
	figure := fmt.Sprintf("%s and %s of the attempts, %s",
		snapshot.FormatShare(a.LockErrorShare()), snapshot.FormatShare(b.LockErrorShare()),
		snapshot.FormatP(ranktest.TwoSided(fewer, more)))
	switch {
	case fewer <= alpha:
		return confirmed, figure
	case more <= alpha:
		return refuted, figure
	}
	return undecided, figure
}
