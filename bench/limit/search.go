// Package limit searches for the largest number of writers with which a system still passes a
// test. It knows only whether a burst of N writers passed: not what a writer is, nor what a burst
// has to achieve.
//
// "Pass" and "fail" are verdicts throughout. A burst passes or fails, and a number of writers
// passes if all its bursts pass.
package limit

import "time"

// Search describes a search.
type Search struct {
	Max    int // largest N to try, 1 or more
	Rounds int // bursts for each N, 1 or more

	// Trial makes one burst of n. An error ends the search.
	Trial func(n int) (Trial, error)
	// OnProbe, if not nil, is called before the bursts of each N with their maximum number and the
	// time that they may take, estimated from the previous N (0 for the first).
	OnProbe func(n, rounds int, estimate time.Duration)
	// Expired, if not nil, is called before each step of the bisection. If it returns true, the
	// search ends with what is known.
	Expired func() bool
}

// Trial is the result of one burst.
type Trial struct {
	Passed   bool
	Attempts int
	Errors   int // number of attempts that ended in a lock error
}

// Probe is the result of all bursts of one N. The first burst that fails is the last one, because
// another could not change the verdict and bursts that fail are the slowest.
type Probe struct {
	N        int
	Rounds   int           // number of bursts made
	Failures int           // number of bursts that failed
	Attempts int           // in all bursts
	Errors   int           // lock errors in all bursts
	Took     time.Duration // from the start of the first burst to the end of the last
}

// Passed reports whether all bursts passed.
func (p Probe) Passed() bool { return p.Failures == 0 }

// precision is the gap between the largest N that passed and the smallest that failed at which the
// search ends, as a share of the former.
const precision = 0.05

// Run searches. It doubles N until it fails and makes one more doubling, then bisects between the
// largest N that passed and the smallest that failed, until they are neighbors or at most 5 % of
// the former apart.
func (s Search) Run() (Result, error) {
	r := Result{Max: s.Max, Rounds: s.Rounds}
	if err := s.double(&r); err != nil {
		return r, err
	}
	for r.Failed() > 0 && !converged(r.Passed(), r.Failed()) {
		if s.Expired != nil && s.Expired() {
			r.CutShort = true
			return r, nil
		}
		if err := s.probe(&r, (r.Passed()+r.Failed())/2); err != nil {
			return r, err
		}
	}
	return r, nil
}

func converged(passed, failed int) bool {
	return failed-passed <= max(1, int(precision*float64(passed)))
}

// double probes 1, 2, 4, ... and the maximum until one fails, and then the next one. If that one
// passes, more writers do not always make failures more likely.
func (s Search) double(r *Result) error {
	for n := 1; ; n = min(2*n, s.Max) {
		failedBefore := r.Failed() > 0
		if err := s.probe(r, n); err != nil {
			return err
		}
		if n == s.Max || failedBefore {
			return nil
		}
	}
}

// probe makes the bursts of one N and adds a Probe to r.
func (s Search) probe(r *Result, n int) error {
	if s.OnProbe != nil {
		s.OnProbe(n, s.Rounds, r.estimate(n))
	}
	p := Probe{N: n}
	start := time.Now()
	for p.Failures == 0 && p.Rounds < s.Rounds {
		t, err := s.Trial(n)
		if err != nil {
			return err
		}
		p.Rounds++
		p.Attempts += t.Attempts
		p.Errors += t.Errors
		if !t.Passed {
			p.Failures++
		}
	}
	p.Took = time.Since(start)
	r.Probes = append(r.Probes, p)
	return nil
}
