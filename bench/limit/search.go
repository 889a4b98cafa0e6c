// Package limit searches for the largest N with which a system still passes a test: a number of
// writers, or a rate of arrivals. It knows only whether a round of N passed: not what a writer or
// an arrival is, nor what a round has to achieve. A round of a search over writers is a burst.
//
// "Pass" and "fail" are verdicts throughout. A round passes or fails, and an N passes if all its
// rounds pass.
package limit

import "time"

// Search describes a search.
type Search struct {
	Max    int // largest N to try, 1 or more
	Rounds int // rounds for each N, 1 or more

	// Trial makes one round of n. An error ends the search.
	Trial func(n int) (Trial, error)
	// OnProbe, if not nil, is called before the rounds of each N with their maximum number and the
	// time that they may take, estimated from the previous N (0 for the first).
	OnProbe func(n, rounds int, estimate time.Duration)
	// Expired, if not nil, is called before each step of the bisection. If it returns true, the
	// search ends with what is known.
	Expired func() bool
}

// Trial is the result of one round.
type Trial struct {
	Passed   bool
	Attempts int
	Errors   int // number of attempts that ended in a lock error
}

// Probe is the result of all rounds of one N. The first round that fails is the last one, because
// another could not change the verdict and rounds that fail are the slowest.
type Probe struct {
	N        int
	Rounds   int           // number of rounds made
	Failures int           // number of rounds that failed
	Attempts int           // in all rounds
	Errors   int           // lock errors in all rounds
	Took     time.Duration // from the start of the first round to the end of the last
}

// Passed reports whether all rounds passed.
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

// probe makes the rounds of one N and adds a Probe to r.
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
