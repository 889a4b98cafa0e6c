package host

import (
	"slices"
	"testing"
	"time"

	"busybench/bench/clock"
)

func TestStallsAreGapsBetweenReadingsAboveTheThreshold(t *testing.T) {
	const tick, threshold = stallTick, stallThreshold
	for _, c := range []struct {
		name string
		gaps []time.Duration // the last one ends when the watch is stopped
		want []time.Duration
	}{
		{"stopped at once", []time.Duration{0}, nil},
		{"a tick is on time", []time.Duration{tick, tick, tick}, nil},
		{"a tick is late by less", []time.Duration{tick, threshold, tick}, nil},
		{"one stall", []time.Duration{tick, 10 * time.Second, tick},
			[]time.Duration{10 * time.Second}},
		{"stall before the first tick", []time.Duration{threshold + 1, 0},
			[]time.Duration{threshold + 1}},
		{"stall that ends with the watch", []time.Duration{tick, time.Hour},
			[]time.Duration{time.Hour}},
		{"two stalls", []time.Duration{3 * time.Second, 0, tick, 4 * time.Second},
			[]time.Duration{3 * time.Second, 4 * time.Second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ticks, stop := make(chan time.Time), make(chan struct{})
			now, readings := time.Duration(4711), 0
			advance := func() time.Duration {
				if readings > 0 {
					now += c.gaps[readings-1]
				}
				readings++
				return now
			}
			result := make(chan []Stall)
			go func() { result <- watchStalls(ticks, stop, advance) }()
			for range len(c.gaps) - 1 {
				ticks <- time.Time{}
			}
			close(stop)
			var lengths []time.Duration
			for _, s := range <-result {
				lengths = append(lengths, s.Length)
				if s.End.IsZero() {
					t.Errorf("the stall of %v has no end", s.Length)
				}
			}
			if !slices.Equal(lengths, c.want) {
				t.Errorf("stalls are %v, want %v", lengths, c.want)
			}
		})
	}
}

func TestStallsOfThisProcessAreNoLongerThanTheWatch(t *testing.T) {
	begin := clock.SinceBoot()
	stalls := StartStallWatch().Stop()
	if length := clock.SinceBoot() - begin; len(stalls) > 0 && stalls[0].Length > length {
		t.Errorf("stalls are %v in a watch of %v", stalls, length)
	}
}
