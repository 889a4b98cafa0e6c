package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"busybench/bench/format"
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
	return fmt.Sprintf("%s each with up to %s and %s, up to %s", format.Count(l.Rounds, "burst"),
		format.Count(l.Errors, "lock error"), p99, format.Count(l.Max, "writer"))
}

// passes reports whether a burst passes. The 99th percentile is the nearest rank: of n attempts,
// n/100 may take longer, rounded down. So the criterion is not monotone: up to 99 writers one slow
// attempt fails the burst, from 100 on it takes two.
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
	if err := r.fleet.Fits(env.Limit.Max + s.Readers); err != nil {
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
			status.show(describeNext(n, rounds, estimate, progress))
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

// describeNext says what a search tries next: first how long that takes, because the end of the
// line may be cut.
func describeNext(n, rounds int, estimate time.Duration, progress string) string {
	takes := "under 1s"
	if estimate >= time.Second {
		takes = "about " + format.Duration(estimate.Round(time.Second))
	}
	return fmt.Sprintf("%s  %s, %s  %s", takes, format.Count(n, "writer"),
		format.Count(rounds, "burst"), progress)
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

// reportLimits reports what the searches found.
func reportLimits(b *testing.B, found []limit.Result) {
	f := limit.NewFinding(found)
	reportMetrics(b, []metrics.Metric{
		{Unit: metrics.NsPerOp, Value: 0},
		{Unit: metrics.Writers, Value: float64(f.Passed)},
		{Unit: metrics.WritersFail, Value: float64(f.Failed)},
		{Unit: metrics.WritersAbove, Value: float64(f.Above)},
		{Unit: metrics.WritersLow, Value: float64(f.Low)},
		{Unit: metrics.WritersHigh, Value: float64(f.High)},
		{Unit: metrics.WritersCut, Value: float64(f.CutShort)},
	})
}
