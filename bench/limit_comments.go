package bench

import (
	"fmt"
	"io"
	"slices"
	"time"

	"busybench/bench/limit"
	"busybench/bench/metrics"
)

// writeSearch writes how a search went, as remarks: a line for each number of writers that was
// tried, and what was found.
func writeSearch(out io.Writer, name string, r limit.Result) {
	fmt.Fprintf(out, "# %s: %s\n", name, foundIn(r))
	probes := slices.SortedFunc(slices.Values(r.Probes), func(a, b limit.Probe) int { return a.N - b.N })
	for _, p := range probes {
		fmt.Fprintf(out, "#   %s\n", bursts(p))
	}
	if r.Truncated {
		fmt.Fprintf(out, "#   cut short by -limit.time=%v\n", given.limit.time)
	}
	if n := r.HighestPassAbove(); n > 0 {
		fmt.Fprintf(out, "#   not monotone: %d writers passed though %d failed; so few bursts may pass by luck\n", n, r.Failed())
	}
}

// foundIn says what a search found.
func foundIn(r limit.Result) string {
	low, high := r.PredictionInterval()
	switch {
	case r.Censored():
		return fmt.Sprintf("limit at least %d writers, the most that were tried; another search would end between %d and %d (99 %%)",
			r.Passed(), low, high)
	case r.Passed() == 0:
		return fmt.Sprintf("limit 0 writers, %d failed; another search would end between %d and %d (99 %%)", r.Failed(), low, high)
	}
	return fmt.Sprintf("limit %d writers, %d failed; another search would end between %d and %d (99 %%)", r.Passed(), r.Failed(), low, high)
}

// bursts says what came of the bursts of one number of writers, with bounds on two chances. The attempts of one
// burst are not independent of each other, its bursts are.
func bursts(p limit.Probe) string {
	return fmt.Sprintf("%d writers: %d rounds, %d failed; %d lock errors in %d attempts; chance of a lock error at most %.3g %% for an attempt, of failing at most %.3g %% for a burst (95 %%, Clopper-Pearson); took %v",
		p.N, p.Rounds, p.Failures, p.Errors, p.Attempts,
		100*metrics.UpperBound(p.Errors, p.Attempts), 100*metrics.UpperBound(p.Failures, p.Rounds), p.Took.Round(time.Millisecond))
}
