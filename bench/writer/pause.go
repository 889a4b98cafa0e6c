package writer

import (
	"time"

	"busybench/bench/clock"
	"busybench/bench/scenario"
)

// thinkStep is how often a participant that pauses looks whether the round is over.
const thinkStep = 10 * time.Millisecond

// think makes the pause of a scenario, or a shorter one if the round is over. It takes the end of
// the last attempt or read and returns the end of the pause.
func think(s scenario.Scenario, from int64, over func() bool) int64 {
	if s.Think.Duration == 0 {
		return from
	}
	sleepUntil(from+int64(s.Think.Duration), over)
	return clock.Now()
}

// sleepUntil sleeps until an instant, or until the round is over.
func sleepUntil(instant int64, over func() bool) {
	for instant-clock.Now() > int64(thinkStep) {
		if over() {
			return
		}
		time.Sleep(thinkStep)
	}
	clock.SleepUntil(instant)
}
