package snapshot

import (
	"math"
	"testing"
)

func TestPairedRatio(t *testing.T) {
	// The logarithms are ln 2 - d, ln 2 and ln 2 + d. Their deviation is d, and the 97.5 % quantile
	// of Student's t with 2 degrees of freedom is 4.303.
	const d = 0.1
	b := []float64{10, 1000, 100}
	a := []float64{20 * math.Exp(-d), 2000, 200 * math.Exp(d)}
	r, ok := PairedRatio(a, b)
	half := 4.3026527 * d / math.Sqrt(3)
	want := Ratio{2, 2 * math.Exp(-half), 2 * math.Exp(half)}
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-6 }
	if !ok || !near(r.Center, want.Center) || !near(r.Low, want.Low) || !near(r.High, want.High) {
		t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
	}
}

func TestPairedRatioIgnoresARunThatWasCutShort(t *testing.T) {
	r, ok := PairedRatio([]float64{2, 2, 2, 100}, []float64{1, 1, 1})
	if want := (Ratio{2, 2, 2}); !ok || r != want {
		t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
	}
}

func TestSamplesWithoutAPairedRatio(t *testing.T) {
	for name, samples := range map[string][2][]float64{
		"two runs":            {{1, 2}, {1, 2}},
		"nothing got through": {{0, 1, 1}, {1, 1, 1}},
		"a rate of 0 below":   {{1, 1, 1}, {1, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if r, ok := PairedRatio(samples[0], samples[1]); ok {
				t.Errorf("the ratio is %+v", r)
			}
		})
	}
}
