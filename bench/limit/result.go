package limit

import (
	"slices"
	"time"
)

// Result is what a search found.
type Result struct {
	Max, Rounds int     // as in Search
	Probes      []Probe // in the order in which they were made
	CutShort    bool    // the search expired before its bisection converged
}

// estimate returns how long all rounds of n may take, based on the time per writer of the last
// probe. It is 0 before the first.
func (r Result) estimate(n int) time.Duration {
	if len(r.Probes) == 0 {
		return 0
	}
	last := r.Probes[len(r.Probes)-1]
	return last.Took / time.Duration(last.Rounds*last.N) * time.Duration(r.Rounds*n)
}

// ProbesByN returns the probes in the order of their N.
func (r Result) ProbesByN() []Probe {
	return slices.SortedFunc(slices.Values(r.Probes), func(a, b Probe) int { return a.N - b.N })
}

// Passed returns the limit: the largest N that passed while no smaller N failed. It is 0 if even 1
// failed.
func (r Result) Passed() (n int) {
	failed := r.Failed()
	for _, p := range r.Probes {
		if p.Passed() && (failed == 0 || p.N < failed) {
			n = max(n, p.N)
		}
	}
	return n
}

// Failed returns the smallest N that failed, and 0 if none failed.
func (r Result) Failed() (n int) {
	for _, p := range r.Probes {
		if !p.Passed() && (n == 0 || p.N < n) {
			n = p.N
		}
	}
	return n
}

// Censored reports whether every N up to the maximum passed, so that the limit is only known to be
// at least the maximum.
func (r Result) Censored() bool { return r.Failed() == 0 }

// HighestPassAbove returns the largest N that passed although a smaller N failed, and 0 if there is
// none. If there is one, more writers do not always make failures more likely, or rounds of the
// same N vary a lot.
func (r Result) HighestPassAbove() (n int) {
	failed := r.Failed()
	for _, p := range r.Probes {
		if p.Passed() && failed > 0 && p.N > failed {
			n = max(n, p.N)
		}
	}
	return n
}
