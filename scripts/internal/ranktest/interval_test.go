package ranktest

import (
	"fmt"
	"math"
	"testing"
)

// estimates returns n numbers from 1 on.
func estimates(n int) (all []float64) {
	for i := range n {
		all = append(all, float64(i+1))
	}
	return all
}

// The tables of the tests say how many estimates are left out on each side at 5 %: for 10 pairs 8,
// for 8 and 8 samples 13.
func TestInvert(t *testing.T) {
	for name, c := range map[string]struct {
		estimates int
		atMost    func(int) float64
		low, high float64
		ok        bool
	}{
		"5 pairs":           {15, SignedRank(5), 0, 0, false},
		"6 pairs":           {21, SignedRank(6), 1, 21, true},
		"10 pairs":          {55, SignedRank(10), 9, 47, true},
		"3 and 3 samples":   {9, U(3, 3), 0, 0, false},
		"4 and 4 samples":   {16, U(4, 4), 1, 16, true},
		"8 and 8 samples":   {64, U(8, 8), 14, 51, true},
		"25 and 25 samples": {625, U(25, 25), 212, 414, true},
	} {
		t.Run(name, func(t *testing.T) {
			i, ok := Invert(estimates(c.estimates), 0, c.atMost)
			if ok != c.ok || i.Low != c.low || i.High != c.high || ok && i.P > 0.05 {
				t.Errorf("is %+v, %v, want %v to %v, %v", i, ok, c.low, c.high, c.ok)
			}
		})
	}
}

func TestTheApproximationOfTheUTestIsNearTheExactOne(t *testing.T) {
	exact, normal := U(maxExact, maxExact), U(maxExact, maxExact+1)
	for _, deviations := range []float64{-2, -1, 0, 1} {
		t.Run(fmt.Sprint(deviations), func(t *testing.T) {
			at := func(b int) int {
				pairs := float64(maxExact * b)
				deviation := math.Sqrt(pairs * float64(maxExact+b+1) / 12)
				return int(pairs/2 + deviations*deviation)
			}
			x, y := exact(at(maxExact)), normal(at(maxExact+1))
			if math.Abs(x-y) > 0.005 {
				t.Errorf("exact %v, approximately %v", x, y)
			}
		})
	}
}
