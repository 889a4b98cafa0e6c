package clock

import (
	"testing"

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

func TestSleepUntilDoesNotWakeEarly(t *testing.T) {
	instant := Now() + 2e6
	if SleepUntil(instant); Now() < instant-1e6 {
		t.Errorf("woke %d ns early", instant-Now())
	}
}

func TestSleepUntilAnInstantInThePastReturns(t *testing.T) {
	SleepUntil(Now() - 1e9)
}
