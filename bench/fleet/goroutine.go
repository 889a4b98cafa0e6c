package fleet

import (
	"errors"
	"os"
	"sync/atomic"
	"time"

	"busybench/bench/arrivals"
	"busybench/bench/protocol"
	"busybench/bench/writer"
)

// Goroutines returns a fleet whose members are goroutines of this process.
func Goroutines(o Options) (*Fleet, error) {
	shared, closeShared, err := newArrivals(o)
	if err != nil {
		return nil, err
	}
	start := func(int) (Member, error) { return &goroutine{arrivals: shared}, nil }
	return &Fleet{
		options: o, footprint: goroutineFootprint, start: start, arrivals: shared,
		cleanup: closeShared,
	}, nil
}

// goroutine is a participant in this process.
type goroutine struct {
	arrivals    arrivals.File
	participant writer.Participant
	ready       chan error
	counted     chan struct{} // closed when a writer's last counted attempt has ended
	finish      atomic.Bool   // the round is to end
	report      chan result
}

type result struct {
	Report
	err error
}

// Handshake does nothing: a goroutine needs no start.
func (g *goroutine) Handshake(time.Time) error { return nil }

func (g *goroutine) Prepare(t protocol.Task) error {
	g.ready = make(chan error, 1) // buffered, so that a late sender does not block
	go func(ready chan<- error) {
		var err error
		g.participant, err = writer.NewParticipant(t)
		if w, ok := g.participant.(*writer.Writer); ok && err == nil {
			w.TakeFrom(g.arrivals)
		}
		ready <- err
	}(g.ready)
	return nil
}

func (g *goroutine) Ready(deadline time.Time) error {
	err, late := receive(g.ready, deadline)
	return errors.Join(late, err)
}

func (g *goroutine) Start(r Release) error {
	g.report = make(chan result, 1)
	g.counted = make(chan struct{})
	g.finish.Store(false)
	tail := writer.Tail{Counted: func() { close(g.counted) }, Over: g.finish.Load}
	go func(report chan<- result) {
		<-r.Gate
		series := g.participant.Run(r.Schedule, tail)
		report <- result{Report{Usage{PID: os.Getpid()}, series}, g.participant.Close()}
	}(g.report)
	return nil
}

func (g *goroutine) Counted(deadline time.Time) error {
	_, late := receive(g.counted, deadline)
	return late
}

func (g *goroutine) Finish() error {
	g.finish.Store(true)
	return nil
}

func (g *goroutine) Collect(deadline time.Time) (Report, error) {
	r, late := receive(g.report, deadline)
	return r.Report, errors.Join(late, r.err)
}

// Stop does nothing: a goroutine ends with its round.
func (g *goroutine) Stop() {}

// Kill does nothing: a goroutine cannot be ended from outside. One that is stuck in SQLite stays
// until the process exits. Its benchmark has failed by then.
func (g *goroutine) Kill() {}

// Wait does nothing, for the same reasons.
func (g *goroutine) Wait() error { return nil }

// receive receives from c, but waits no longer than the deadline. A value that is already there is
// received whatever the time.
func receive[T any](c <-chan T, deadline time.Time) (value T, late error) {
	select {
	case value = <-c:
		return value, nil
	default:
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case value = <-c:
	case <-timer.C:
		late = os.ErrDeadlineExceeded
	}
	return value, late
}
