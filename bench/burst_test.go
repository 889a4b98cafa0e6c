package bench

import (
	"testing"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// BenchmarkBurst is the original question: writers that are ready are released at one instant,
// and each makes one attempt to insert, on a fresh file each round.
func BenchmarkBurst(b *testing.B) {
	axes := given.axes.WithDefaults("conn=fresh").WithDefaults(scenario.Defaults)
	matrix(b, axes, 0, (*metrics.Tally).Burst)
}
