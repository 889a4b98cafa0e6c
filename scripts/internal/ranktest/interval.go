package ranktest

import (
	"math"
	"sort"

	"github.com/aclements/go-moremath/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is the 95 % confidence interval of a shift between samples, with the two-sided p value
// of the test that the interval is the inversion of: P is at most 0.05 if, and only if, the
// interval excludes the value of no shift. Above and Below are the one-sided p values that the
// shift is above or below that value.
type Interval struct{ Low, High, P, Above, Below float64 }

// Invert returns the interval of a rank test from its estimates of the shift, sorted (Hodges and
// Lehmann), the value of no shift, and the distribution of its statistic, the number of estimates
// on one side of that value. It returns false if there are too few samples for an interval.
//
// Estimates that are equal to the value of no shift count for both sides. That is what makes test
// and interval agree if samples are equal, and P is then not too small.
func Invert(estimates []float64, none float64, atMost func(n int) float64) (i Interval, ok bool) {
	n := len(estimates)
	excluded := sort.Search(n/2, func(k int) bool { return atMost(k) > 0.025 }) // on each side
	if excluded == 0 {
		return Interval{}, false
	}
	notAbove := sort.Search(n, func(k int) bool { return estimates[k] > none })
	below := sort.SearchFloat64s(estimates, none)
	i = Interval{
		Low: estimates[excluded-1], High: estimates[n-excluded],
		Above: atMost(notAbove), Below: atMost(n - below),
	}
	i.P = TwoSided(i.Above, i.Below)
	return i, true
}

// SignedRank returns the distribution of the statistic of the signed-rank test of n pairs. Its
// estimates are the means of every two differences of pairs, and of each with itself (Walsh
// averages). An interval needs 6 pairs.
func SignedRank(n int) (atMost func(sum int) float64) {
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	below := rankSums(ranks)
	for i := range len(below) - 1 {
		below[i+1] += below[i]
	}
	return func(sum int) float64 { return below[sum] }
}

// maxExact is the number of samples on a side up to which [U] is exact.
const maxExact = 25

// U returns the distribution of the statistic of the U test of a and b samples, above [maxExact]
// its normal approximation. Its estimates are the differences of each sample on one side to each on
// the other. An interval needs 4 samples on each side.
func U(a, b int) (atMost func(u int) float64) {
	if max(a, b) <= maxExact {
		exact := stats.UDist{N1: a, N2: b}
		return func(u int) float64 { return exact.CDF(float64(u)) }
	}
	pairs := float64(a * b)
	normal := distuv.Normal{Mu: pairs / 2, Sigma: math.Sqrt(pairs * float64(a+b+1) / 12)}
	return func(u int) float64 { return normal.CDF(float64(u) + 0.5) }
}
