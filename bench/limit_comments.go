package bench

import (
	"fmt"
	"io"
	"slices"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/metrics"
)

// writeSearch writes how a search went as comment lines: what it found, and a line for each number
// of writers that was tried.
func writeSearch(out io.Writer, name string, r limit.Result, o LimitOptions) {
	fmt.Fprintf(out, "# %s: %s\n", name, limit.Sentence(r.Finding()))
	byN := func(a, b limit.Probe) int { return a.N - b.N }
	for _, p := range slices.SortedFunc(slices.Values(r.Probes), byN) {
		fmt.Fprintf(out, "#   %s\n", describeProbe(p))
	}
	if r.Truncated {
		fmt.Fprintf(out, "#   cut short by -limit.time=%v\n", o.Time)
	}
}

// describeProbe says how the bursts of one number of writers went, with upper bounds on two
// probabilities. The attempts of one burst are not independent of each other, but its bursts are.
func describeProbe(p limit.Probe) string {
	percent := func(k, n int) string { return fmt.Sprintf("%.3g %%", 100*metrics.UpperBound(k, n)) }
	return fmt.Sprintf("%s: %s, %d failed; %s in %s; "+
		"probability of a lock error at most %s per attempt, of a failed burst at most %s "+
		"(95 %%, Clopper-Pearson); took %v",
		format.Plural(p.N, "writer"), format.Plural(p.Rounds, "round"), p.Failures,
		format.Plural(p.Errors, "lock error"), format.Plural(p.Attempts, "attempt"),
		percent(p.Errors, p.Attempts), percent(p.Failures, p.Rounds), format.Duration(p.Took))
}
