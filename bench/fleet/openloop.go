package fleet

import (
	"time"

	"busybench/bench/arrivals"
	"busybench/bench/outcome"
)

// minTail is how long arrivals go on after the deadline, at least, to keep up the load until the
// last attempt that counts has ended.
const minTail = 10 * time.Second

// setArrivals makes the arrivals of a round with a rate.
func (f *Fleet) setArrivals(p Plan) error {
	rate := float64(p.Task.Scenario.Rate)
	if rate == 0 || p.Mode != outcome.Sustained {
		return nil
	}
	return f.arrivals.Set(arrivals.Poisson(p.Task.Seed, rate, p.Length+max(p.Length, minTail)))
}

// newArrivals returns a file for arrivals if rounds may have a rate, and a function that closes it.
func newArrivals(o Options) (f arrivals.File, closeFile func(), err error) {
	if !o.OpenLoop {
		return f, func() {}, nil
	}
	f, err = arrivals.NewFile()
	return f, func() { f.Close() }, err
}
