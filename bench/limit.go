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

// axes returns all axes of a search from those given.
func (l LimitOptions) axes(given scenario.Axes) scenario.Axes {
	conn := "conn=fresh"
	if l.Over == limit.Rate {
		conn = "conn=held"
	}
	return given.WithDefaults(conn).WithDefaults(scenario.Defaults)
}

// mode returns the mode of the rounds.
func (l LimitOptions) mode() outcome.Mode {
	if l.Over == limit.Rate {
		return outcome.Sustained
	}
	return outcome.Burst
}

// with returns a scenario with an N of a search.
func (l LimitOptions) with(s scenario.Scenario, n int) scenario.Scenario {
	if l.Over == limit.Rate {
		s.Rate = scenario.Rate(n)
	} else {
		s.Writers = n
	}
	return s
}

// searchLimits searches for as long as the benchmark runs, which is once unless the search is very
// short.
func searchLimits(
	b *testing.B, env *environment, s scenario.Scenario, progress string, expired func() bool,
) (found []limit.Result) {
	r, err := newRounds(env, env.Limit.with(s, 1), env.Limit.mode())
	if err != nil {
		fatal(b, err)
	}
	defer closeFleet(b, r.fleet)
	if err := prepareSearch(r); err != nil {
		fatal(b, err)
	}
	status := newStatus(os.Stderr)
	defer status.clear()
	search := limit.Search{
		Max:     env.Limit.max(),
		Rounds:  env.Limit.Rounds,
		Trial:   func(n int) (limit.Trial, error) { return runTrial(r, n) },
		Expired: expired,
		OnProbe: func(n, rounds int, estimate time.Duration) {
			if r.mode == outcome.Sustained { // however large n is
				estimate = time.Duration(rounds) * r.length
			}
			status.show(describeNext(env.Limit.Over, n, rounds, estimate, progress))
		},
	}
	for b.Loop() {
		result, err := search.Run()
		if err != nil {
			fatal(b, err)
		}
		found = append(found, result)
	}
	return found
}

// prepareSearch fails if the most writers that a search tries do not fit. If all rounds have the
// same writers, it starts them and makes a burst that does not count, as before other sustained
// rounds.
func prepareSearch(r *rounds) error {
	if r.mode == outcome.Burst {
		if err := r.fleet.Fits(r.env.Limit.max() + r.scenario.Others()); err != nil {
			return fmt.Errorf("-limit.max=%d: %w", r.env.Limit.max(), err)
		}
		return nil
	}
	if err := r.fleet.Grow(r.scenario.Participants()); err != nil {
		return err
	}
	if err := r.warmUp(); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	return nil
}

// describeNext says what a search tries next: first how long that takes, because the end of the
// line may be cut.
func describeNext(
	over limit.Over, n, rounds int, estimate time.Duration, progress string,
) string {
	takes := "under 1s"
	if estimate >= time.Second {
		takes = "about " + format.Duration(estimate.Round(time.Second))
	}
	return fmt.Sprintf("%s  %s, %s  %s", takes, over.Count(n),
		format.Count(rounds, over.Trial()), progress)
}

// runTrial makes one round of n writers or arrivals per second.
func runTrial(r *rounds, n int) (limit.Trial, error) {
	r.scenario = r.env.Limit.with(r.scenario, n)
	round, err := r.next()
	if err != nil {
		return limit.Trial{}, fmt.Errorf("round %d, of %s: %w", r.made,
			r.env.Limit.Over.Count(n), err)
	}
	return r.env.Limit.judge(round.Round), nil
}

// judge returns what a search needs to know of a round.
func (l LimitOptions) judge(round outcome.Round) limit.Trial {
	c := metrics.NewCollector(round.Mode)
	c.Add(round)
	return limit.Trial{Passed: l.passes(c), Attempts: c.Attempts(), Errors: c.LockErrors()}
}

// limitUnits are the units of a finding, in the order of [reportLimits].
var limitUnits = map[limit.Over][]string{
	limit.Writers: {
		metrics.Writers, metrics.WritersFail, metrics.WritersAbove,
		metrics.WritersLow, metrics.WritersHigh, metrics.WritersCut,
	},
	limit.Rate: {
		metrics.Rate, metrics.RateFail, metrics.RateAbove,
		metrics.RateLow, metrics.RateHigh, metrics.RateCut,
	},
}

// reportLimits reports what the searches found.
func reportLimits(b *testing.B, over limit.Over, found []limit.Result) {
	f := limit.NewFinding(found)
	all := []metrics.Metric{{Unit: metrics.NsPerOp, Value: 0}}
	for i, value := range []int{f.Passed, f.Failed, f.Above, f.Low, f.High, f.CutShort} {
		all = append(all, metrics.Metric{Unit: limitUnits[over][i], Value: float64(value)})
	}
	reportMetrics(b, all)
}
