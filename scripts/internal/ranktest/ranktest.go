// Package ranktest tests whether samples are larger than others, exactly and without assumptions
// about their distribution, and corrects for many tests at once.
package ranktest

import (
	"cmp"
	"math"
	"slices"

	"github.com/aclements/go-moremath/stats"
	"gonum.org/v1/gonum/stat/combin"
)

// Greater returns the p value of the one-sided U test (Mann and Whitney) that samples in a are
// larger than those in b, which are independent of them. It is 1 if all samples are equal.
func Greater(a, b []float64) float64 {
	// LocationLess is exact with ties, too: in this package LocationGreater counts one step more.
	result, err := stats.MannWhitneyUTest(b, a, stats.LocationLess)
	if err != nil {
		return 1 // all samples are equal, or there are none
	}
	return result.P
}

// MinGreater returns the smallest p value that [Greater] can return for a number of samples in each
// of a and b.
func MinGreater(a, b int) float64 {
	return math.Exp(-combin.LogGeneralizedBinomial(float64(a+b), float64(a)))
}

// Positive returns the p value of the one-sided signed-rank test (Wilcoxon) that differences of
// pairs are above 0. Differences of 0 are left out, as Wilcoxon does.
func Positive(differences []float64) float64 {
	d := slices.DeleteFunc(slices.Clone(differences), func(v float64) bool { return v == 0 })
	slices.SortFunc(d, func(x, y float64) int { return cmp.Compare(math.Abs(x), math.Abs(y)) })
	ranks := doubleRanks(d)
	sum := 0 // twice the sum of the ranks of positive differences
	for i, v := range d {
		if v > 0 {
			sum += ranks[i]
		}
	}
	p := 0.0
	for _, chance := range rankSums(ranks)[sum:] {
		p += chance
	}
	return min(1, p)
}

// rankSums returns the probability of each sum of the ranks of positive differences, from 0, if
// each difference is positive or negative with equal chances.
func rankSums(ranks []int) (chances []float64) {
	chances = []float64{1}
	for _, rank := range ranks {
		next := make([]float64, len(chances)+rank)
		for sum, p := range chances {
			next[sum] += p / 2
			next[sum+rank] += p / 2
		}
		chances = next
	}
	return chances
}

// doubleRanks returns twice the rank of each number, by absolute value, of numbers that are sorted
// by it. Equal ones get their mean rank, which can be a half.
func doubleRanks(sorted []float64) (ranks []int) {
	for begin := 0; begin < len(sorted); {
		end := begin
		for end < len(sorted) && math.Abs(sorted[end]) == math.Abs(sorted[begin]) {
			end++
		}
		for range end - begin {
			ranks = append(ranks, begin+end+1)
		}
		begin = end
	}
	return ranks
}

// MinPositive returns the smallest p value that [Positive] can return for a number of differences.
func MinPositive(n int) float64 { return math.Exp2(-float64(n)) }

// TwoSided returns the two-sided p value that belongs to the one-sided ones of both directions.
func TwoSided(greater, less float64) float64 { return min(1, 2*min(greater, less)) }

// Alpha is the chance, at most, of any false finding.
const Alpha = 0.05

// CanFind reports whether one of several tests can be a finding, by the smallest p value that it
// can have.
func CanFind(minP float64, tests int) bool { return minP*float64(tests) <= Alpha }

// Holm adjusts the p values of several tests: with those that are at most alpha taken for findings,
// the chance of any false one is at most alpha, however the tests depend on each other.
func Holm(ps []float64) (adjusted []float64) {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(ps[i], ps[j]) })
	adjusted = make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, min(1, float64(len(ps)-rank)*ps[i]))
		adjusted[i] = highest
	}
	return adjusted
}
