package ranktest

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/combin"
)

func near(x, y float64) bool { return math.Abs(x-y) < 1e-9 }

// The p value is the share of all ways to deal the samples to the two sides in which a has at least
// as large a statistic.
func TestGreaterIsThePermutationTest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for name, values := range map[string]int{"without ties": 1 << 30, "with ties": 4} {
		t.Run(name, func(t *testing.T) {
			for range 50 {
				all := make([]float64, 9)
				for i := range all {
					all[i] = float64(random.IntN(values))
				}
				got, want := Greater(all[:4], all[4:]), permuted(all, 4)
				if !near(got, want) {
					t.Errorf("%v: p is %v, want %v", all, got, want)
				}
			}
		})
	}
}

func permuted(all []float64, n int) float64 {
	first := make([]int, n)
	for i := range first {
		first[i] = i
	}
	least, count, splits := statistic(all, first), 0, combin.Combinations(len(all), n)
	for _, chosen := range splits {
		if statistic(all, chosen) >= least {
			count++
		}
	}
	return float64(count) / float64(len(splits))
}

// statistic counts the pairs in which the chosen one is larger, and half of those that are equal.
func statistic(all []float64, chosen []int) (u float64) {
	isChosen := map[int]bool{}
	for _, i := range chosen {
		isChosen[i] = true
	}
	for i := range all {
		for j := range all {
			switch {
			case !isChosen[i] || isChosen[j] || all[i] < all[j]:
			case all[i] == all[j]:
				u += 0.5
			default:
				u++
			}
		}
	}
	return u
}

func TestTheSmallestPValuesAreReached(t *testing.T) {
	if got := Greater([]float64{4, 5, 6, 7}, []float64{1, 2, 3}); !near(got, MinGreater(4, 3)) ||
		!near(got, 1.0/35) {
		t.Errorf("U test: %v, want 1/35", got)
	}
	if got := Positive([]float64{1, 2, 3, 4}); !near(got, MinPositive(4)) || !near(got, 1.0/16) {
		t.Errorf("signed-rank test: %v, want 1/16", got)
	}
}

func TestPositive(t *testing.T) {
	for name, c := range map[string]struct {
		differences []float64
		want        float64
	}{
		"one of four is negative, the smallest": {[]float64{4, -1, 3, 2}, 2.0 / 16},
		"the largest is negative":               {[]float64{1, 2, 3, -4}, 7.0 / 16},
		"all are negative":                      {[]float64{-1, -2, -3}, 1},
		"equal ones share a rank":               {[]float64{1, 1, -1, 2}, 4.0 / 16},
		"zeros are left out":                    {[]float64{0, 1, 0, 2}, 1.0 / 4},
		"only zeros":                            {[]float64{0, 0}, 1},
		"none":                                  {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Positive(c.differences); !near(got, c.want) {
				t.Errorf("p is %v, want %v", got, c.want)
			}
		})
	}
}

func TestEqualSamplesDoNotDiffer(t *testing.T) {
	if p := Greater([]float64{1, 1, 1}, []float64{1, 1}); p != 1 {
		t.Errorf("p is %v, want 1", p)
	}
}

func TestTwoSided(t *testing.T) {
	if p := TwoSided(0.01, 0.99); p != 0.02 {
		t.Errorf("p is %v, want 0.02", p)
	}
	if p := TwoSided(0.6, 0.7); p != 1 {
		t.Errorf("p is %v, want 1", p)
	}
}

// By rank, 0.01 x 4 is 0.04 and 0.02 x 3 is 0.06. 0.03 x 2 and 0.04 x 1 are not below that.
func TestHolm(t *testing.T) {
	got := Holm([]float64{0.04, 0.01, 0.03, 0.02})
	for i, want := range []float64{0.06, 0.04, 0.06, 0.06} {
		if !near(got[i], want) {
			t.Errorf("adjusted to %v, want %v at %d", got, want, i)
		}
	}
	if got := Holm([]float64{0.5, 0.9}); got[0] != 1 || got[1] != 1 {
		t.Errorf("adjusted to %v, want 1 and 1", got)
	}
}
