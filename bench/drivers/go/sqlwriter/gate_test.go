package sqlwriter

import (
	"sync"
	"testing"
	"time"

	"busybench/bench/clock"
)

// A gate does not open early, and a new instant has a new gate.
func TestAGateOpensAtItsInstant(t *testing.T) {
	var g gate
	for range 2 {
		instant := clock.Now() + int64(5*time.Millisecond)
		var waiting sync.WaitGroup
		for range 100 {
			waiting.Go(func() {
				if g.wait(instant); clock.Now() < instant {
					t.Error("the gate opened early")
				}
			})
		}
		waiting.Wait()
	}
}
