package bench

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// BenchmarkLimit answers the original question with a number: it searches for the largest number of
// writers whose bursts meet no lock error, or for the largest rate of arrivals that writers can
// take (-limit.over). It runs only with -limit, since it takes minutes.
func BenchmarkLimit(b *testing.B) {
	if !env.Limit.Run {
		b.SkipNow()
	}
	axes := env.Limit.axes(env.axesOf("Limit"))
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	fmt.Printf("limit: %v\n", env.Limit.settings(env.Round))
	defer fmt.Println("limit:") // an empty value ends a header line
	begin := time.Now()
	expired := func() bool { return env.Limit.Time > 0 && time.Since(begin) > env.Limit.Time }
	cases := axes.CasesExcept(env.Limit.Over.String())
	for i, c := range cases {
		var all []limit.Result // of all repetitions by -count
		b.Run(c.Name, func(b *testing.B) {
			progress := fmt.Sprintf("%d/%d %s", i+1, len(cases),
				strings.ReplaceAll(c.Name, "/", " "))
			found := searchLimits(b, env, c.Scenario, progress, expired)
			reportLimits(b, env.Limit.Over, found)
			all = append(all, found...)
		})
		for _, r := range all {
			writeSearch(os.Stdout, b.Name()+"/"+c.Name, r, env.Limit, c.Writers)
		}
	}
}

func TestTheStatusOfASearchBeginsWithItsTime(t *testing.T) {
	for _, c := range []struct {
		name      string
		over      limit.Over
		n, rounds int
		estimate  time.Duration
		want      string
	}{
		{"many writers", limit.Writers, 64, 5, 5100 * time.Millisecond,
			"about 5s  64 writers, 5 bursts  3/12 x"},
		{"one writer in one burst", limit.Writers, 1, 1, 0,
			"under 1s  1 writer, 1 burst  3/12 x"},
		{"a rate", limit.Rate, 64, 5, 10 * time.Second,
			"about 10s  64 arrivals per second, 5 rounds  3/12 x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := describeNext(c.over, c.n, c.rounds, c.estimate, "3/12 x")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The comments on a search say whether it was cut short, and can be read again. No bound is given
// for an attempt, because the attempts of a burst are not independent.
func TestCommentsOnASearch(t *testing.T) {
	r := limit.Result{Max: 1024, Rounds: 5, CutShort: true, Probes: []limit.Probe{
		{N: 1024, Rounds: 1, Failures: 1, Attempts: 1024, Errors: 9, Took: time.Second},
		{N: 512, Rounds: 5, Attempts: 2560, Took: time.Second},
	}}
	o := LimitOptions{Max: 1024, Rounds: 5, Time: time.Minute}
	var out strings.Builder
	fmt.Fprintf(&out, "limit: %v\n", o.settings(time.Second))
	writeSearch(&out, "BenchmarkLimit/x", r, o, 0)
	for _, want := range []string{
		" Cut short: nothing between 512 and 1,024 was tried.\n",
		"\n#   512 writers: 5 rounds, 0 failed; 0 lock errors in 2,560 attempts; " +
			"a burst fails with a probability of at most 45.1 % " +
			"(95 %, Clopper-Pearson, for one number chosen beforehand); ",
		"\n#   cut short by -limit.time=1m0s\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output has no %q:\n%s", want, &out)
		}
	}
	if strings.Count(out.String(), "%") != 2*len(r.Probes)+1 {
		t.Errorf("output has more bounds than one for each probe:\n%s", &out)
	}
	found, err := limit.ReadSearches(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	searches := found["BenchmarkLimit/x"]
	if len(searches) != 1 || searches[0].Passed() != 512 || searches[0].Failed() != 1024 ||
		!searches[0].CutShort {
		t.Errorf("read %+v", found)
	}
}

// One in a hundred attempts may take longer than -limit.p99, so the criterion is easier to meet
// with 100 writers than with 99.
func TestOneInAHundredMayTakeLonger(t *testing.T) {
	for _, c := range []struct {
		writers, slow int
		passes        bool
	}{
		{1, 0, true}, {99, 0, true}, {99, 1, false}, {100, 1, true}, {100, 2, false},
		{199, 1, true}, {199, 2, false}, {200, 2, true},
	} {
		t.Run(fmt.Sprintf("%d of %d are slow", c.slow, c.writers), func(t *testing.T) {
			r := outcome.Round{Schedule: outcome.Schedule{Mode: outcome.Burst}}
			for i := range c.writers {
				o := outcome.Outcome{Start: 1, End: 2}
				if i < c.slow {
					o.End = 1 + int64(time.Second)
				}
				r.Writers = append(r.Writers, outcome.Series{Outcomes: []outcome.Outcome{o}})
			}
			burst := metrics.NewCollector(outcome.Burst)
			burst.Add(r)
			if got := (LimitOptions{P99: time.Millisecond}).passes(burst); got != c.passes {
				t.Errorf("passes: %v, want %v", got, c.passes)
			}
		})
	}
}
