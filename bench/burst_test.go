package bench

import (
	"testing"

	"busybench/bench/scenario"
	"busybench/bench/tally"
)

// BenchmarkBurst is the original question: writers that are ready are released at one instant,
// and each makes one attempt to insert, on a fresh file each round.
func BenchmarkBurst(b *testing.B) {
	axes := given.axes.Or("conn=fresh").Or(scenario.Defaults)
	matrix(b, axes, 0, (*tally.Tally).Burst)
}
