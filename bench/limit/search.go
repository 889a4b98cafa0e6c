// Package limit searches for the largest number of writers that a system stands. It knows nothing
// of that system but whether a burst of N passes: not what a writer is, nor what a burst
// passes by.
package limit

import "time"

// Search says how to search.
type Search struct {
	Max    int // the largest N to try, 1 or more
	Rounds int // bursts for each N, 1 or more

	// Burst makes one burst of n. An error ends the search.
	Trial func(n int) (Trial, error)
	// Trying, where it is not nil, is told before each N how many bursts may come and how long they
	// may take, by the last N's; 0 before the first.
	OnProbe func(n, rounds int, about time.Duration)
	// Late, where it is not nil, is asked before each step of the bisection whether to leave it at what is
	// known by then.
	Expired func() bool
}

// Burst is what came of one burst.
type Trial struct {
	Passed   bool
	Attempts int
	Errors   int // lock errors among them
}

// Probe is what came of all bursts of one N. It passed where none of them failed; the first that fails
// is its last, because another could change nothing and a burst that fails is the slowest kind.
type Probe struct {
	N        int
	Rounds   int // bursts that were made
	Failures int // of them
	Attempts int // in all of them
	Errors   int
	Took     time.Duration // all of them, with what stands between them
}

// Passed reports whether all bursts passed.
func (p Probe) Passed() bool { return p.Failures == 0 }

// precision is how close the search brings the smallest N that failed to the largest that passed, as a share
// of the latter.
const precision = 0.05

// Run searches: it doubles N until it fails, looks one doubling further, and bisects between the
// largest N that passed and the smallest that failed, until they are 5 % apart or neighbours.
func (s Search) Run() (Result, error) {
	r := Result{Max: s.Max, Rounds: s.Rounds}
	if err := s.double(&r); err != nil {
		return r, err
	}
	for r.Failed() > 0 && !converged(r.Passed(), r.Failed()) {
		if s.Expired != nil && s.Expired() {
			r.Truncated = true
			return r, nil
		}
		if err := s.try(&r, (r.Passed()+r.Failed())/2); err != nil {
			return r, err
		}
	}
	return r, nil
}

func converged(passed, failed int) bool {
	return failed-passed <= max(1, int(precision*float64(passed)))
}

// double tries 1, 2, 4, ... and the maximum until one fails, and then the next. That one should fail as
// well; where it passes, more is not always worse.
func (s Search) double(r *Result) error {
	for n := 1; ; n = min(2*n, s.Max) {
		failedBefore := r.Failed() > 0
		if err := s.try(r, n); err != nil {
			return err
		}
		if n == s.Max || failedBefore {
			return nil
		}
	}
}

// try makes the bursts of one N.
func (s Search) try(r *Result, n int) error {
	if s.OnProbe != nil {
		s.OnProbe(n, s.Rounds, r.estimate(n))
	}
	p := Probe{N: n}
	begun := time.Now()
	for p.Failures == 0 && p.Rounds < s.Rounds {
		b, err := s.Trial(n)
		if err != nil {
			return err
		}
		p.Rounds++
		p.Attempts += b.Attempts
		p.Errors += b.Errors
		if !b.Passed {
			p.Failures++
		}
	}
	p.Took = time.Since(begun)
	r.Probes = append(r.Probes, p)
	return nil
}
