package snapshot

import (
	"fmt"
	"math"

	"golang.org/x/perf/benchmath"

	"busybench/bench/format"
	"busybench/bench/metrics"
)

// precisionUnits are the units by which the precision of a row is told: the first that it has.
var precisionUnits = []string{metrics.InsertsPerSecond, metrics.SyncsPerSecond}

// Precision returns how far the 95 % confidence interval of a row's median rate reaches from it, as
// a part of the median: 0.1 is the ±10% of the tables. It returns false if the row has no rate, or
// one with a median of 0. It is infinite if there are fewer than [MinSamples].
func (r Row) Precision() (precision float64, ok bool) {
	for _, unit := range precisionUnits {
		if samples := r.Samples(unit); len(samples) > 0 {
			return PrecisionOf(samples)
		}
	}
	return 0, false
}

// PrecisionOf is [Row.Precision] of the samples of a rate.
func PrecisionOf(samples []float64) (precision float64, ok bool) {
	s := Summary(samples)
	if s.Center <= 0 {
		return 0, false
	}
	return math.Max(s.Hi-s.Center, s.Center-s.Lo) / s.Center, true
}

// Spread returns how far the 95 % confidence interval of a median reaches from it, as a share of
// it, such as "±10%", or from ten times the median on as a multiple, such as "±12x". It returns
// false if the interval has no end, or if the median is 0 and the interval is not.
func Spread(s benchmath.Summary) (text string, ok bool) {
	if s.Lo == s.Hi {
		return "±0%", true
	}
	reach := math.Max(s.Hi-s.Center, s.Center-s.Lo) / s.Center
	if math.IsInf(reach, 0) || math.IsNaN(reach) || reach < 0 {
		return "", false
	}
	return FormatPrecision(reach), true
}

// FormatPrecision formats a [Row.Precision], such as "±10%" or "±12x".
func FormatPrecision(precision float64) string {
	if precision >= 9.995 {
		return "±" + format.Factor(precision) + "x"
	}
	return fmt.Sprintf("±%.0f%%", 100*precision)
}
