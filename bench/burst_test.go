package bench

import (
	"testing"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// BenchmarkBurst asks the original question: writers that are ready are released at one instant,
// and each makes one attempt to insert, on a fresh file each round.
func BenchmarkBurst(b *testing.B) {
	axes := env.axesOf("Burst").WithDefaults("conn=fresh").WithDefaults(scenario.Defaults)
	runMatrix(b, env, axes, outcome.Burst)
}
