package bench

import (
	"testing"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// BenchmarkSustained asks what the file takes for long: writers that are connected insert again
// and again, each as soon as it has its answer, until the round's length (-round) is over.
func BenchmarkSustained(b *testing.B) {
	axes := given.axes.WithDefaults("conn=held").WithDefaults(scenario.Defaults)
	matrix(b, axes, given.round, (*metrics.Tally).Sustained)
}
