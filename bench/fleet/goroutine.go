package fleet

import (
	"errors"
	"os"
	"time"

	"busybench/bench/writer"
)

// Goroutines returns a fleet whose writers are goroutines of this process.
func Goroutines() *Fleet {
	return &Fleet{needs: ofGoroutine, start: func(int) (Member, error) {
		return &goroutine{}, nil
	}}
}

// goroutine is a writer in this process.
type goroutine struct {
	writer *writer.Writer
	ready  chan error
	report chan reported
}

type reported struct {
	Report
	err error
}

// Greet has nothing to wait for.
func (g *goroutine) Greet(time.Time) error { return nil }

func (g *goroutine) Prepare(t writer.Task) error {
	g.ready = make(chan error, 1) // with room, so that nobody late is stuck
	go func(ready chan<- error) {
		var err error
		g.writer, err = writer.Prepare(t)
		ready <- err
	}(g.ready)
	return nil
}

func (g *goroutine) Ready(deadline time.Time) error {
	err, late := receive(g.ready, deadline)
	return errors.Join(late, err)
}

func (g *goroutine) Start(r Release) error {
	g.report = make(chan reported, 1)
	go func(report chan<- reported) {
		<-r.Gate
		outcomes := g.writer.Run(r.Until)
		report <- reported{Report{PID: os.Getpid(), Outcomes: outcomes}, g.writer.Finish()}
	}(g.report)
	return nil
}

func (g *goroutine) Collect(deadline time.Time) (Report, error) {
	r, late := receive(g.report, deadline)
	return r.Report, errors.Join(late, r.err)
}

// Dismiss does nothing: a goroutine ends with its round.
func (g *goroutine) Dismiss() {}

// Kill does nothing, since nothing can end a goroutine from outside. One that is stuck in SQLite
// stays there until the process ends; its benchmark has failed by then.
func (g *goroutine) Kill() {}

// Gone does nothing either.
func (g *goroutine) Gone() error { return nil }

// receive receives from c, but waits no longer than until the deadline. What is there already is
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
