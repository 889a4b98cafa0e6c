package tally

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"
)

// Quantile is the exact q-quantile of values by the nearest-rank method: the smallest value
// that at least the share q of all values does not exceed (q from 0 to 1). It is 0 where there are no values.
// It sorts values in place.
func Quantile(values []int64, q float64) int64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	rank := int(math.Ceil(q * float64(len(values))))
	return values[max(rank, 1)-1]
}

// Jain is Jain's fairness index (sum x)^2 / (n * sum x^2): 1 where all shares are equal, 1/n
// where one has everything. It is 0 where nobody has anything. Source: Jain, Chiu and Hawe,
// "A Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared
// Computer Systems", DEC-TR-301, 1984.
func Jain(shares []int) float64 {
	var sum, squares float64
	for _, x := range shares {
		sum += float64(x)
		squares += float64(x) * float64(x)
	}
	return ratio(sum*sum, float64(len(shares))*squares)
}

// UpperBound is the exact upper bound, at 95 % confidence, on the chance of something that happened in k of n independent
// trials: one-sided, and 1 where there were no trials. Source: Clopper and Pearson, "The Use of Confidence or
// Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26 (1934). It holds as well where the trials
// ended with the first in which it happened.
func UpperBound(k, n int) float64 {
	if k >= n {
		return 1
	}
	return mathext.InvRegIncBeta(float64(k+1), float64(n-k), 0.95)
}

// Rounded is a time, given in ns, to about three digits, for people.
func Rounded(ns int64) time.Duration {
	d, unit := time.Duration(ns), time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
