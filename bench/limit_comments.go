package bench

import (
	"fmt"
	"io"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/metrics"
)

// writeSearch writes how a search went as comment lines, which [limit.ReadSearches] reads: what it
// found, and a line for each number of writers, or rate for that number of writers, that was tried.
func writeSearch(out io.Writer, name string, r limit.Result, o LimitOptions, writers int) {
	f := limit.NewFinding([]limit.Result{r})
	sentence := limit.Sentence(f)
	if o.Over == limit.Rate {
		sentence = limit.RateSentence(f, writers, o.criteria())
	}
	fmt.Fprintf(out, "# %s: %s\n", name, sentence)
	for _, p := range r.ProbesByN() {
		fmt.Fprintf(out, "#   %s\n", describeProbe(o.Over, p))
	}
	if r.CutShort {
		fmt.Fprintf(out, "#   cut short by -limit.time=%v\n", o.Time)
	}
}

// describeProbe says how the rounds of one N went, with an upper bound on the probability that a
// round fails. There is none for an attempt: the attempts of one round fail together. The bound is
// not simultaneous: it is for one N, chosen before the search.
func describeProbe(over limit.Over, p limit.Probe) string {
	return fmt.Sprintf("%s: %s, %d failed; %s in %s; "+
		"a %s fails with a probability of at most %.3g %% "+
		"(95 %%, Clopper-Pearson, for one number chosen beforehand); took %v",
		over.Count(p.N), format.Count(p.Rounds, "round"), p.Failures,
		format.Count(p.Errors, "lock error"), format.Count(p.Attempts, "attempt"), over.Trial(),
		100*metrics.UpperBound(p.Failures, p.Rounds), format.Duration(p.Took))
}
