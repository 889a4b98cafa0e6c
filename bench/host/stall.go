package host

import (
	"time"

	"busybench/bench/clock"
)

// A stall watch reads the clock at every tick. A time between two readings that is longer than the
// threshold is a stall.
const (
	stallTick      = 500 * time.Millisecond
	stallThreshold = 2 * time.Second
)

// Stall is a time in which this process did not run: it was stopped (SIGSTOP), its container was
// paused, the machine was suspended, or no processor was free.
type Stall struct {
	End    time.Time     // up to one tick late
	Length time.Duration // up to one tick too long
}

// StallWatch records the stalls of this process in the background.
type StallWatch struct {
	stop   chan struct{}
	result chan []Stall
}

// StartStallWatch starts a watch, which costs two system calls per second until it is stopped.
func StartStallWatch() *StallWatch {
	w := &StallWatch{make(chan struct{}), make(chan []Stall, 1)}
	go func() {
		ticker := time.NewTicker(stallTick)
		defer ticker.Stop()
		w.result <- watchStalls(ticker.C, w.stop, clock.SinceBoot)
	}()
	return w
}

// Stop ends the watch and returns the stalls since its start, in order. It must be called once.
func (w *StallWatch) Stop() []Stall {
	close(w.stop)
	return <-w.result
}

// watchStalls reads a clock at each tick until stop is closed, and then once more. The clock must
// go on while the machine is suspended.
func watchStalls(
	ticks <-chan time.Time, stop <-chan struct{}, clock func() time.Duration,
) (stalls []Stall) {
	for last, stopped := clock(), false; !stopped; {
		select {
		case <-ticks:
		case <-stop:
			stopped = true
		}
		now := clock()
		if length := now - last; length > stallThreshold {
			stalls = append(stalls, Stall{time.Now(), length})
		}
		last = now
	}
	return stalls
}
