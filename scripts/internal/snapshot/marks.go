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
func (r Row) Mark(figure string) string {
	if !r.Refuses() || figure == "" {
		return figure
	}
	return "(" + figure + ")"
}

// MaxMark stands behind a 99th percentile that is a maximum.
const MaxMark = "*"

// MaxNote explains [MaxMark].
const MaxNote = MaxMark + ": the maximum. A run has fewer than 100 attempts, too few for a p99."

// P99IsMax reports whether the 99th percentile of each run is its longest attempt, because it has
// fewer than 100.
func (r Row) P99IsMax() bool {
	attempts := r.Samples(metrics.Attempts)
	return len(attempts) > 0 && slices.Max(attempts) < 100 && r.Median(metrics.P99) > 0
}
