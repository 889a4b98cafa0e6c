package clock

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestNowIsTheKernelsClock(t *testing.T) {
	for range 100 {
		before, now, after := read(unix.CLOCK_MONOTONIC), Now(), read(unix.CLOCK_MONOTONIC)
		// The origin may be off by the time that reading the clocks took.
		const tolerance = 1e6
		if now < before-tolerance || now > after+tolerance {
			t.Fatalf("Now is %d, the kernel's clock went from %d to %d", now, before, after)
		}
	}
}

func TestSinceBootIsAtLeastTheMonotonicClock(t *testing.T) {
	before := Now()
	first, second := SinceBoot(), SinceBoot()
	const tolerance = 1e6
	if int64(first) < before-tolerance || second < first {
		t.Errorf("CLOCK_BOOTTIME is %d, then %d, and CLOCK_MONOTONIC was %d", first, second, before)
	}
}

func TestSpendTakesAtLeastTheTime(t *testing.T) {
	for name, compute := range map[string]bool{"asleep": false, "computing": true} {
		t.Run(name, func(t *testing.T) {
			const length = 3 * time.Millisecond
			begin, used := Now(), processorTime()
			Spend(length, compute)
			if spent := Now() - begin; spent < int64(length) {
				t.Errorf("it took %d ns, want at least %v", spent, length)
			}
			if used = processorTime() - used; compute && used == 0 {
				t.Error("the process used no processor time")
			}
		})
	}
}

// processorTime returns the processor time that this process has used.
func processorTime() time.Duration {
	return time.Duration(read(unix.CLOCK_PROCESS_CPUTIME_ID))
}

func TestSleepUntilDoesNotWakeEarly(t *testing.T) {
	instant := Now() + 2e6
	if SleepUntil(instant); Now() < instant-1e6 {
		t.Errorf("woke %d ns early", instant-Now())
	}
}

func TestSleepUntilAnInstantInThePastReturns(t *testing.T) {
	SleepUntil(Now() - 1e9)
}
