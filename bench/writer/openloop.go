package writer

import (
	"errors"
	"os"
	"sync"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// ArrivalsDescriptor is the file descriptor at which a writer process finds the arrivals of an open
// loop (see package arrivals).
const ArrivalsDescriptor = 3

// inheritedArrivals returns the file of arrivals of a writer process.
var inheritedArrivals = sync.OnceValue(func() arrivals.File {
	return arrivals.File{File: os.NewFile(ArrivalsDescriptor, "arrivals")}
})

// TakeFrom sets the arrivals of an open loop.
func (w *Writer) TakeFrom(f arrivals.File) { w.arrivals = f }

// openLoop makes an attempt for each arrival that it takes. Its functions are those of a clock and
// a writer, except in tests.
type openLoop struct {
	outcome.Schedule
	Tail
	next       func() (sinceRelease int64, ok bool)
	now        func() int64
	sleepUntil func(instant int64, over func() bool)
	attempt    func(now int64) outcome.Outcome
	counted    bool // all later arrivals are after the deadline
}

// run takes arrivals until the round is over. It reports each outcome.
func (l *openLoop) run(report func(outcome.Outcome)) {
	for !l.over() {
		sinceRelease, ok := l.next()
		intended := l.Release + sinceRelease
		if !ok || intended >= l.Deadline {
			l.endCounted()
		}
		if !ok {
			l.waitForTheEnd()
			return
		}
		l.sleepUntil(intended, l.over)
		if l.over() {
			return
		}
		o := l.attempt(max(l.now(), intended))
		o.Intended = intended
		report(o)
	}
}

// over reports whether the round is over: not before the arrivals that count.
func (l *openLoop) over() bool { return l.counted && (l.Over == nil || l.Over()) }

func (l *openLoop) endCounted() {
	if !l.counted && l.Counted != nil {
		l.Counted()
	}
	l.counted = true
}

func (l *openLoop) waitForTheEnd() {
	for !l.over() {
		l.sleepUntil(l.now()+int64(thinkStep), l.over)
	}
}

// runOpen makes the attempts of an open loop.
func (w *Writer) runOpen(s outcome.Schedule, tail Tail) outcome.Series {
	w.keepLease(s.Mode)
	defer w.rest()
	outcomes := newChunks(s.Mode)
	loop := openLoop{
		Schedule: s, Tail: tail, next: w.nextArrival,
		now: clock.Now, sleepUntil: w.restUntil, attempt: w.attempt,
	}
	loop.run(func(o outcome.Outcome) { outcomes.add(o) })
	return w.series(outcomes.join())
}

// restUntil sleeps until an arrival, without a lease unless the arrival has come already.
func (w *Writer) restUntil(instant int64, over func() bool) {
	if instant > clock.Now() {
		w.rest()
	}
	sleepUntil(instant, over)
}

// nextArrival takes an arrival. An error ends the loop, and is reported when the writer is closed.
func (w *Writer) nextArrival() (sinceRelease int64, ok bool) {
	sinceRelease, ok, err := w.arrivals.Next()
	w.err = errors.Join(w.err, err)
	return sinceRelease, ok
}
