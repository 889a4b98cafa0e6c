package bench

import (
	"fmt"
	"os"
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
			progress := fmt.Sprintf("%s (%d of %d)", c.Name, i+1, len(cases))
			found := searchLimits(b, env, c.Scenario, progress, expired)
			reportLimits(b, found)
			all = append(all, found...)
		})
		for _, r := range all {
			writeSearch(os.Stdout, b.Name()+"/"+c.Name, r, env.Limit)
		}
	}
}
