package metrics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Quantile returns the exact q-quantile of values (q from 0 to 1) by the nearest-rank method: the
// smallest value v such that at least the share q of all values is v or less. It returns 0 if there
// are no values. It sorts values in place.
func Quantile(values []int64, q float64) int64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	rank := int(math.Ceil(q * float64(len(values))))
	return values[max(rank, 1)-1]
}

// Median returns the middle one of values, or the mean of the two middle ones, as benchmath does.
// It returns 0 if there are no values. It sorts values in place.
func Median[T int64 | float64](values []T) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	slices.Sort(values)
	return (float64(values[(n-1)/2]) + float64(values[n/2])) / 2
}

// JainIndex returns Jain's fairness index (sum x)^2 / (n * sum x^2): 1 if all shares are equal,
// 1/n if one writer has everything, 0 if all shares are 0. Source: Jain, Chiu and Hawe, "A
// Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared Computer
// Systems", DEC-TR-301, 1984.
func JainIndex(shares []int) float64 {
	var sum, squares float64
	for _, x := range shares {
		sum += float64(x)
		squares += float64(x) * float64(x)
	}
	return ratio(sum*sum, float64(len(shares))*squares)
}

// UpperBound returns the exact one-sided upper bound, at 95 % confidence, on the probability of an
// event that occurred in k of n independent trials. It is 1 if there were no trials. It also holds
// if the trials stopped at the first event. Source: Clopper and Pearson, "The Use of Confidence or
// Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26 (1934).
func UpperBound(k, n int) float64 { return UpperBoundAt(k, n, 0.95) }

// UpperBoundAt is [UpperBound] at another level of confidence.
func UpperBoundAt(k, n int, confidence float64) float64 {
	if k >= n {
		return 1
	}
	return mathext.InvRegIncBeta(float64(k+1), float64(n-k), confidence)
}

// ratio returns a/b, and 0 if b is 0: benchstat accepts neither NaN nor Inf.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
