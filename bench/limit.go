package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// String describes the criteria of a burst that passes.
func (l LimitOptions) String() string {
	p99 := "any p99"
	if l.P99 > 0 {
		p99 = fmt.Sprintf("p99 up to %v", l.P99)
	}
	return fmt.Sprintf("%d bursts each with up to %d lock errors and %s, up to %d writers",
		l.Rounds, l.Errors, p99, l.Max)
}

// passes reports whether a burst passes.
func (l LimitOptions) passes(burst *metrics.Collector) bool {
	return burst.LockErrors() <= l.Errors && (l.P99 == 0 || burst.P99() <= l.P99)
}

// searchLimits searches for as long as the benchmark runs, which is once unless the search is very
// short.
func searchLimits(
	b *testing.B, env *environment, s scenario.Scenario, progress string, expired func() bool,
) (found []limit.Result) {
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		fatal(b, err)
	}
	defer closeFleet(b, r.fleet)
	if err := r.fleet.Fits(env.Limit.Max); err != nil {
		fatal(b, fmt.Errorf("-limit.max=%d: %w", env.Limit.Max, err))
	}
	status := newStatus(os.Stderr)
	defer status.clear()
	search := limit.Search{
		Max:     env.Limit.Max,
		Rounds:  env.Limit.Rounds,
		Trial:   func(n int) (limit.Trial, error) { return runTrial(r, n) },
		Expired: expired,
		OnProbe: func(n, rounds int, estimate time.Duration) {
			status.show(fmt.Sprintf("limit %s: trying %d writers, %d bursts, %s",
				progress, n, rounds, roughly(estimate)))
		},
	}
	for b.Loop() {
		result, err := search.Run()
		if err != nil {
			fatal(b, fmt.Errorf("round %d, of %d writers: %w", r.made, r.scenario.Writers, err))
		}
		found = append(found, result)
	}
	return found
}

// runTrial makes one burst of n writers.
func runTrial(r *rounds, n int) (limit.Trial, error) {
	r.scenario.Writers = n
	round, err := r.next()
	if err != nil {
		return limit.Trial{}, err
	}
	burst := metrics.NewCollector(outcome.Burst)
	burst.Add(round.Round)
	return limit.Trial{
		Passed:   r.env.Limit.passes(burst),
		Attempts: burst.Attempts(),
		Errors:   burst.LockErrors(),
	}, nil
}

func roughly(d time.Duration) string {
	if d == 0 {
		return "a moment"
	}
	return fmt.Sprintf("about %v", max(d.Round(time.Second), time.Second))
}

// reportLimits reports the medians of searches.
func reportLimits(b *testing.B, found []limit.Result) {
	median := func(value func(limit.Result) int) float64 {
		var values []int64
		for _, r := range found {
			values = append(values, int64(value(r)))
		}
		return float64(metrics.Quantile(values, 0.5))
	}
	low := func(r limit.Result) int { low, _ := r.PredictionInterval(); return low }
	high := func(r limit.Result) int { _, high := r.PredictionInterval(); return high }
	reportMetrics(b, []metrics.Metric{
		{Unit: metrics.NsPerOp, Value: 0},
		{Unit: metrics.Writers, Value: median(limit.Result.Passed)},
		{Unit: metrics.WritersFail, Value: median(limit.Result.Failed)},
		{Unit: metrics.WritersAbove, Value: median(limit.Result.HighestPassAbove)},
		{Unit: metrics.WritersLow, Value: median(low)},
		{Unit: metrics.WritersHigh, Value: median(high)},
	})
}
