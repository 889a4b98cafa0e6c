package sqlwriter

import (
	"sync"

	"busybench/bench/clock"
)

// gates is for the participants of this process.
var gates gate

// gate wakes all that wait for an instant together. If each slept by itself, thousands would need a
// thread each.
type gate struct {
	mu      sync.Mutex
	instant int64
	opened  chan struct{} // closed at the instant
}

func (g *gate) wait(instant int64) { <-g.at(instant) }

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
