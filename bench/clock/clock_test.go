package clock

import "testing"

func TestNowIsTheKernelsClock(t *testing.T) {
	for range 100 {
		before, now, after := kernelNow(), Now(), kernelNow()
		// The tie between the clocks may be off by what reading them took.
		const tie = 1e6
		if now < before-tie || now > after+tie {
			t.Fatalf("Now is %d, the kernel's clock went from %d to %d", now, before, after)
		}
	}
	instant := Now() + 2e6
	if SleepUntil(instant); Now() < instant-1e6 {
		t.Errorf("woke %d ns early", instant-Now())
	}
	SleepUntil(Now() - 1e9) // an instant already past returns at once
}
