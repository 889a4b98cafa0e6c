package snapshot

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"busybench/scripts/internal/ranktest"
)

// Ratio is a quotient with its confidence interval, of 95 % if nothing else is said.
type Ratio struct{ Center, Low, High float64 }

// TestedRatio is a ratio with the p value of the test that belongs to its interval: P is at most
// 0.05 if, and only if, the interval excludes 1. Above and Below are the p values of the one-sided
// tests that the ratio is above or below 1.
type TestedRatio struct {
	Ratio
	P, Above, Below float64
}

// PairedRatio returns the ratio of the samples in a to those in b, which were measured in the same
// runs, one after the other, by the signed-rank test. It is the estimate of Hodges and Lehmann: the
// median of the geometric means of every two runs' ratios, and of each with itself. It returns
// false if there are fewer than 6 runs, or a sample is not above 0.
func PairedRatio(a, b []float64) (r TestedRatio, ok bool) {
	logs, ok := logRatios(a, b)
	if !ok {
		return TestedRatio{}, false
	}
	var ratios []float64
	for i, x := range logs {
		for _, y := range logs[i:] {
			ratios = append(ratios, math.Exp((x+y)/2))
		}
	}
	return testedRatio(ratios, ranktest.SignedRank(len(logs)))
}

// UnpairedRatio returns the ratio of the samples in a to those in b, which were measured
// independently, by the U test. It is the estimate of Hodges and Lehmann: the median of the ratios
// of each sample in a to each in b. It returns false if there are fewer than [MinSamples] of one,
// or one is not above 0.
func UnpairedRatio(a, b []float64) (r TestedRatio, ok bool) {
	if min(len(a), len(b)) < MinSamples {
		return TestedRatio{}, false
	}
	var ratios []float64
	for _, x := range a {
		for _, y := range b {
			if x <= 0 || y <= 0 {
				return TestedRatio{}, false
			}
			ratios = append(ratios, x/y)
		}
	}
	return testedRatio(ratios, ranktest.U(len(a), len(b)))
}

// testedRatio returns the median of the estimates of a rank test with its interval.
func testedRatio(estimates []float64, atMost func(int) float64) (r TestedRatio, ok bool) {
	slices.Sort(estimates)
	interval, ok := ranktest.Invert(estimates, 1, atMost)
	if !ok {
		return TestedRatio{}, false
	}
	n := len(estimates)
	center := math.Sqrt(estimates[(n-1)/2] * estimates[n/2])
	return TestedRatio{
		Ratio: Ratio{center, interval.Low, interval.High},
		P:     interval.P, Above: interval.Above, Below: interval.Below,
	}, true
}

// MinMeanPairs is the number of runs that [MeanRatio] needs.
const MinMeanPairs = 3

// MeanRatio returns the geometric mean of the ratios of samples in a to those in b, which were
// measured in the same runs, with Student's t interval of their logarithms at a level of confidence
// such as 0.95. It is for runs that are too few for a rank test. It returns false if there are
// fewer than [MinMeanPairs], or a sample is not above 0.
func MeanRatio(a, b []float64, confidence float64) (r Ratio, ok bool) {
	logs, ok := logRatios(a, b)
	if !ok || len(logs) < MinMeanPairs {
		return Ratio{}, false
	}
	mean, deviation := stat.MeanStdDev(logs, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(len(logs) - 1)}
	half := t.Quantile((1+confidence)/2) * deviation / math.Sqrt(float64(len(logs)))
	return Ratio{math.Exp(mean), math.Exp(mean - half), math.Exp(mean + half)}, true
}

// logRatios returns the logarithms of the ratios of runs that are a pair. It returns false if a
// sample is not above 0.
func logRatios(a, b []float64) (logs []float64, ok bool) {
	for i := range min(len(a), len(b)) { // the last run may have been cut short
		if a[i] <= 0 || b[i] <= 0 {
			return nil, false
		}
		logs = append(logs, math.Log(a[i]/b[i]))
	}
	return logs, true
}
