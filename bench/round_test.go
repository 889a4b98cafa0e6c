package bench

import (
	"testing"
	"time"

	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

func TestRoundTimeoutGrowsWithTheLoad(t *testing.T) {
	const base = "exec=process journal=wal writers=10"
	small := roundTimeout(scenarioFor(t, base+" busy=none"))
	for name, axes := range map[string]string{
		"busy timeout": base + " busy=5s",
		"block":        base + " busy=block",
		"writers":      "exec=process journal=wal writers=20 busy=none",
		"payload":      base + " busy=none payload=10000000",
		"batch":        base + " busy=none payload=1000000 batch=10",
	} {
		t.Run(name, func(t *testing.T) {
			if got := roundTimeout(scenarioFor(t, axes)); got <= small {
				t.Errorf("%s: %v, not more than %v", axes, got, small)
			}
		})
	}
}

// Writers that do not keep up with a rate go on after the round, which may take longer than it.
func TestARoundWithARateHasTimeForItsBacklog(t *testing.T) {
	const length = time.Hour
	timeout := func(axes string, mode outcome.Mode) time.Duration {
		r := rounds{env: &environment{}, scenario: scenarioFor(t, axes), mode: mode, length: length}
		return r.plan(1).Timeout
	}
	const axes = "exec=goroutine journal=wal writers=4"
	closed := timeout(axes, outcome.Sustained)
	if got := timeout(axes+" rate=50", outcome.Sustained); got < closed+4*length {
		t.Errorf("with a rate the timeout is %v, without %v", got, closed)
	}
	if got := timeout(axes+" rate=50", outcome.Burst); got != closed {
		t.Errorf("the timeout of a burst is %v, want %v", got, closed)
	}
}

// Without -benchtime the number of rounds does not depend on how long they take. The burst before
// them does not count.
func TestTheNumberOfRoundsIsFixed(t *testing.T) {
	const writers = 2
	for name, rounds := range map[string]float64{"Burst": 5, "Sustained": 1} {
		t.Run(name, func(t *testing.T) {
			r := runBenchmark(t, name, "-test.count", "2", "-round", "20ms",
				"-axes", "exec=goroutine journal=wal,delete busy=queue sync=off writers=2")
			if len(r.lines) != 2*2 {
				t.Fatalf("%d results, want two of each journal mode", len(r.lines))
			}
			for _, line := range r.lines {
				counted, _ := line.Value(metrics.Rounds)
				attempts, _ := line.Value(metrics.Attempts)
				if counted != rounds || name == "Burst" && attempts != writers*rounds {
					t.Errorf("%s has %v rounds and %v attempts, want %v rounds", line.Name,
						counted, attempts, rounds)
				}
			}
		})
	}
}
