package bench

import (
	"fmt"
	"io"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/metrics"
)

// writeSearch writes how a search went as comment lines, which [limit.ReadSearches] reads: what it
// found, and a line for each number of writers that was tried.
func writeSearch(out io.Writer, name string, r limit.Result, o LimitOptions) {
	fmt.Fprintf(out, "# %s: %s\n", name, limit.Sentence(limit.NewFinding([]limit.Result{r})))
	for _, p := range r.ProbesByN() {
		fmt.Fprintf(out, "#   %s\n", describeProbe(p))
	}
	if r.CutShort {
		fmt.Fprintf(out, "#   cut short by -limit.time=%v\n", o.Time)
	}
}

// describeProbe says how the bursts of one number of writers went, with an upper bound on the
// probability that a burst fails. There is none for an attempt: the attempts of one burst fail
// together. The bound is not simultaneous: it is for one number, chosen before the search.
func describeProbe(p limit.Probe) string {
	return fmt.Sprintf("%s: %s, %d failed; %s in %s; "+
		"a burst fails with a probability of at most %.3g %% "+
		"(95 %%, Clopper-Pearson, for one number chosen beforehand); took %v",
		format.Count(p.N, "writer"), format.Count(p.Rounds, "round"), p.Failures,
		format.Count(p.Errors, "lock error"), format.Count(p.Attempts, "attempt"),
		100*metrics.UpperBound(p.Failures, p.Rounds), format.Duration(p.Took))
}
