package snapshot

import (
	"fmt"
	"slices"

	"busybench/bench/metrics"
)

// RefusedNote explains the parentheses around figures of rows that refuse attempts.
var RefusedNote = fmt.Sprintf("( ): over %.0f %% of the attempts were refused. These end early or "+
	"after the timeout, and others wait less: do not compare these figures.", 100*MaxRefused)

// Mark puts a figure in parentheses if the row refuses attempts.
func (r Row) Mark(figure string) string { return Mark(figure, r.Refuses()) }

// Mark puts a figure in parentheses if it is not to be compared.
func Mark(figure string, marked bool) string {
	if !marked || figure == "" {
		return figure
	}
	return "(" + figure + ")"
}

// MaxMark stands behind a quantile that is a maximum.
const MaxMark = "*"

// MaxNote explains [MaxMark].
const MaxNote = MaxMark + ": the maximum. A run has too few attempts for the quantile: " +
	"a p99 needs 100."

// minAttempts is how many attempts of a run a quantile needs to be another one than the longest.
var minAttempts = map[string]float64{
	metrics.P95: 20, metrics.P99: 100, metrics.P999: 1000, metrics.AckedP99: 100,
}

// IsMax reports whether a unit is a quantile over the attempts of each run, or over those that were
// acknowledged, and in fact the longest of them, because there are too few.
func (r Row) IsMax(unit string) bool {
	attempts := r.Samples(metrics.Attempts)
	if unit == metrics.AckedP99 {
		for i, lockErrors := range r.Samples(metrics.LockErrors) {
			attempts[i] -= lockErrors
		}
	}
	needed, ok := minAttempts[unit]
	return ok && len(attempts) > 0 && slices.Max(attempts) < needed && r.Median(unit) > 0
}
