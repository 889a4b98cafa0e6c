package limit

import "time"

// Result is what a search found.
type Result struct {
	Max, Rounds int // as in Search
	Probes      []Probe
	Truncated    bool // the search was late, and its bisection is not finished
}

// estimate is how long all bursts of n may take, if they take as long for each of n as the last ones did.
func (r Result) estimate(n int) time.Duration {
	if len(r.Probes) == 0 {
		return 0
	}
	last := r.Probes[len(r.Probes)-1]
	return last.Took / time.Duration(last.Rounds*last.N) * time.Duration(r.Rounds*n)
}

// Passed is the limit: the largest N that passed while no smaller one failed, and 0 where even 1 failed.
func (r Result) Passed() (n int) {
	failed := r.Failed()
	for _, p := range r.Probes {
		if p.Passed() && (failed == 0 || p.N < failed) {
			n = max(n, p.N)
		}
	}
	return n
}

// Failed is the smallest N that failed, and 0 where none did.
func (r Result) Failed() (n int) {
	for _, p := range r.Probes {
		if !p.Passed() && (n == 0 || p.N < n) {
			n = p.N
		}
	}
	return n
}

// AtLeast reports whether nothing failed up to the maximum: the limit is at least that.
func (r Result) Censored() bool { return r.Failed() == 0 }

// Above is the largest N that passed though a smaller one failed, and 0 where there is none. Where there is
// one, more is not always worse, or the system's answers are noisy.
func (r Result) HighestPassAbove() (n int) {
	failed := r.Failed()
	for _, p := range r.Probes {
		if p.Passed() && failed > 0 && p.N > failed {
			n = max(n, p.N)
		}
	}
	return n
}
