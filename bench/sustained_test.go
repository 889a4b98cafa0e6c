package bench

import (
	"testing"

	"busybench/bench/scenario"
	"busybench/bench/tally"
)

// BenchmarkSustained asks what the file takes for long: writers that are connected insert again
// and again, each as soon as it has its answer, until the round's length (-round) is over.
func BenchmarkSustained(b *testing.B) {
	axes := given.axes.Or("conn=held").Or(scenario.Defaults)
	matrix(b, axes, given.round, (*tally.Tally).Sustained)
}
