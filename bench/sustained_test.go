package bench

import (
	"testing"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// BenchmarkSustained asks how much the file takes in the long run: connected writers insert again
// as soon as they have their answer, until the round's length (-round) is over.
func BenchmarkSustained(b *testing.B) {
	axes := env.axesOf("Sustained").WithDefaults("conn=held").WithDefaults(scenario.Defaults)
	runMatrix(b, env, axes, outcome.Sustained)
}
