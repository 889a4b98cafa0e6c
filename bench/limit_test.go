package bench

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"busybench/bench/limit"
	"busybench/bench/scenario"
)

// BenchmarkLimit answers the original question with a number: it searches for the largest number of
// writers whose bursts meet no lock error. It runs only with -limit, since it takes minutes.
func BenchmarkLimit(b *testing.B) {
	if !env.Limit.Run {
		b.SkipNow()
	}
	axes := env.Axes.WithDefaults("conn=fresh").WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, axes); err != nil {
		fatal(b, err)
	}
	fmt.Printf("limit: %v\n", env.Limit)
	defer fmt.Println("limit:") // an empty value ends a header line
	begin := time.Now()
	expired := func() bool { return env.Limit.Time > 0 && time.Since(begin) > env.Limit.Time }
	cases := axes.CasesExcept("writers")
	for i, c := range cases {
		var all []limit.Result // of all repetitions by -count
		b.Run(c.Name, func(b *testing.B) {
			progress := fmt.Sprintf("%d/%d %s", i+1, len(cases),
				strings.ReplaceAll(c.Name, "/", " "))
			found := searchLimits(b, env, c.Scenario, progress, expired)
			reportLimits(b, found)
			all = append(all, found...)
		})
		for _, r := range all {
			writeSearch(os.Stdout, b.Name()+"/"+c.Name, r, env.Limit)
		}
	}
}

func TestTheStatusOfASearchBeginsWithItsTime(t *testing.T) {
	for _, c := range []struct {
		name      string
		n, rounds int
		estimate  time.Duration
		want      string
	}{
		{"many writers", 64, 5, 5100 * time.Millisecond, "about 5s  64 writers, 5 bursts  3/12 x"},
		{"one writer in one burst", 1, 1, 0, "under 1s  1 writer, 1 burst  3/12 x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := describeNext(c.n, c.rounds, c.estimate, "3/12 x"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
