package sqlwriter

import (
	"sync"

	"busybench/bench/clock"
)

// gates is the gate of all participants of this process.
var gates gate

// gate wakes all goroutines that wait for the same instant. If thousands slept by themselves, each
// would need a thread.
type gate struct {
	mu      sync.Mutex
	instant int64
	opened  chan struct{} // closed at the instant
}

// wait waits for an instant.
func (g *gate) wait(instant int64) { <-g.at(instant) }

// at returns a channel that is closed at an instant.
func (g *gate) at(instant int64) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.instant != instant {
		opened := make(chan struct{})
		g.instant, g.opened = instant, opened
		go func() {
			clock.SleepUntil(instant)
			close(opened)
		}()
	}
	return g.opened
}
