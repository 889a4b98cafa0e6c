package bench

import (
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkBurst is the original question: writers that are ready are released at one instant,
// and each makes one attempt to insert, on a fresh file each round.
func BenchmarkBurst(b *testing.B) {
	axes := given.axes.Or("conn=fresh").Or(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) {
			report(b, measure(b, c.Scenario, 0).Burst())
		})
	}
}
