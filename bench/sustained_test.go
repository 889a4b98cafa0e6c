package bench

import (
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkSustained asks what the file takes for long: writers that are connected insert again
// and again, each as soon as it has its answer, until the round's length (-round) is over.
func BenchmarkSustained(b *testing.B) {
	axes := given.axes.Or("conn=held").Or(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) {
			report(b, measure(b, c.Scenario, given.round).Sustained())
		})
	}
}
