package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// limitSettings say when a burst passes and how far to look.
type limitSettings struct {
	wanted              bool
	max, rounds, errors int
	p99                 time.Duration // 0 for any
	time                time.Duration // 0 for as long as it takes
}

func (l limitSettings) String() string {
	p99 := "any p99"
	if l.p99 > 0 {
		p99 = fmt.Sprintf("p99 up to %v", l.p99)
	}
	return fmt.Sprintf("%d bursts each with up to %d lock errors and %s, up to %d writers", l.rounds, l.errors, p99, l.max)
}

// passes reports whether a burst that has been tallied passes.
func (l limitSettings) passes(t *metrics.Tally) bool {
	return t.LockErrors() <= l.errors && (l.p99 == 0 || t.P99() <= l.p99)
}

// BenchmarkLimit answers the original question with a number: it searches for the most writers whose bursts meet
// no lock error. It runs where -limit is given, since it takes minutes.
func BenchmarkLimit(b *testing.B) {
	if !given.limit.wanted {
		b.SkipNow()
	}
	axes := given.axes.WithDefaults("conn=fresh").WithDefaults(scenario.Defaults)
	printSettings(os.Stdout, axes)
	fmt.Printf("limit: %v\n", given.limit)
	begun := time.Now()
	late := func() bool { return given.limit.time > 0 && time.Since(begun) > given.limit.time }
	cases := axes.CasesExcept("writers")
	for i, c := range cases {
		var searches []limit.Result // of every time that -count has it run
		b.Run(c.Name, func(b *testing.B) {
			here := fmt.Sprintf("%s (%d of %d)", c.Name, i+1, len(cases))
			found := limits(b, c.Scenario, here, late)
			reportLimits(b, found)
			searches = append(searches, found...)
		})
		for _, r := range searches {
			writeSearch(os.Stdout, b.Name()+"/"+c.Name, r)
		}
	}
}

// limits searches for as long as the benchmark lasts, which is once unless the search is very short.
func limits(b *testing.B, s scenario.Scenario, here string, late func() bool) (found []limit.Result) {
	r, err := newRounds(s, 0)
	if err != nil {
		fatal(b, err)
	}
	defer r.close(b)
	if err := r.fleet.Fits(given.limit.max); err != nil {
		fatal(b, fmt.Errorf("-limit.max=%d: %w", given.limit.max, err))
	}
	status := newStatus(os.Stderr)
	defer status.clear()
	search := limit.Search{Max: given.limit.max, Rounds: given.limit.rounds, Trial: r.ofLimit, Expired: late,
		OnProbe: func(n, rounds int, about time.Duration) {
			status.show(fmt.Sprintf("limit %s: trying %d writers, %d bursts, %s", here, n, rounds, roughly(about)))
		}}
	for b.Loop() {
		result, err := search.Run()
		if err != nil {
			fatal(b, fmt.Errorf("round %d, of %d writers: %w", r.made, r.scenario.Writers, err))
		}
		found = append(found, result)
	}
	return found
}

// ofLimit makes one burst of n writers.
func (r *rounds) ofLimit(n int) (limit.Trial, error) {
	r.scenario.Writers = n
	round, err := r.next()
	if err != nil {
		return limit.Trial{}, err
	}
	var t metrics.Tally
	t.Add(round.At, round.Until, outcomesOf(round))
	return limit.Trial{Passed: given.limit.passes(&t), Attempts: t.Attempts(), Errors: t.LockErrors()}, nil
}

func roughly(about time.Duration) string {
	if about == 0 {
		return "a moment"
	}
	return fmt.Sprintf("about %v", max(about.Round(time.Second), time.Second))
}

// reportLimits reports the medians of searches.
func reportLimits(b *testing.B, found []limit.Result) {
	median := func(of func(limit.Result) int) float64 {
		var values []int64
		for _, r := range found {
			values = append(values, int64(of(r)))
		}
		return float64(metrics.Quantile(values, 0.5))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(limit.Result.Passed), "writers")
	b.ReportMetric(median(limit.Result.Failed), "writers-fail")
	b.ReportMetric(median(limit.Result.HighestPassAbove), "writers-above")
	b.ReportMetric(median(func(r limit.Result) int { low, _ := r.PredictionInterval(); return low }), "writers-low")
	b.ReportMetric(median(func(r limit.Result) int { _, high := r.PredictionInterval(); return high }), "writers-high")
}
