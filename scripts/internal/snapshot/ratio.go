package snapshot

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Ratio is a quotient with its 95 % confidence interval.
type Ratio struct{ Center, Low, High float64 }

// PairedRatio returns the ratio of the samples in a to those in b, which were measured in the same
// runs, one after the other. It is the geometric mean of the runs' ratios, with Student's t
// interval of their logarithms. It returns false if there are fewer than 3 runs, or a sample is
// not above 0.
func PairedRatio(a, b []float64) (r Ratio, ok bool) {
	n := min(len(a), len(b)) // the last run may have been cut short
	if n < 3 {
		return Ratio{}, false
	}
	logs := make([]float64, n)
	for i := range logs {
		if a[i] <= 0 || b[i] <= 0 {
			return Ratio{}, false
		}
		logs[i] = math.Log(a[i] / b[i])
	}
	mean, deviation := stat.MeanStdDev(logs, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
	half := t * deviation / math.Sqrt(float64(n))
	return Ratio{math.Exp(mean), math.Exp(mean - half), math.Exp(mean + half)}, true
}

// UnpairedRatio returns the ratio of the samples in a to those in b, which were measured
// independently. It is the estimate of Hodges and Lehmann, the median of the ratios of each sample
// in a to each in b, with the interval that belongs to the U test. It returns false if there are
// too few samples for an interval, or one is not above 0.
func UnpairedRatio(a, b []float64) (r Ratio, ok bool) {
	if min(len(a), len(b)) < MinSamples {
		return Ratio{}, false
	}
	var ratios []float64
	for _, x := range a {
		for _, y := range b {
			if x <= 0 || y <= 0 {
				return Ratio{}, false
			}
			ratios = append(ratios, x/y)
		}
	}
	slices.Sort(ratios)
	// The interval is from the k-th smallest to the k-th largest ratio (Hollander and Wolfe,
	// Nonparametric Statistical Methods, on the interval of Moses).
	n := float64(len(ratios))
	deviation := math.Sqrt(n * float64(len(a)+len(b)+1) / 12)
	k := int(n/2 - distuv.UnitNormal.Quantile(0.975)*deviation)
	center := math.Sqrt(ratios[(len(ratios)-1)/2] * ratios[len(ratios)/2])
	return Ratio{center, ratios[k-1], ratios[len(ratios)-k]}, true
}
