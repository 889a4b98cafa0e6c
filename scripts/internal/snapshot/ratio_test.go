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

// Of 6 and 6 samples, the interval is from the 5th smallest of the 36 ratios to the 5th largest.
func TestUnpairedRatio(t *testing.T) {
	b := []float64{1, 1, 1, 1, 1, 1}
	a := []float64{2, 3, 4, 5, 6, 7} // each stands 6 times among the ratios
	r, ok := UnpairedRatio(a, b)
	want := Ratio{math.Sqrt(4 * 5), 2, 7}
	if !ok || math.Abs(r.Center-want.Center) > 1e-9 || r.Low != want.Low || r.High != want.High {
		t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
	}
}

// The critical value of the U test is 23 for 10 and 10 samples at 5 %, so k is 24.
func TestUnpairedRatioAgreesWithTheUTest(t *testing.T) {
	var a, b []float64
	for i := range 10 {
		a = append(a, math.Exp(float64(i)))
		b = append(b, math.Exp(float64(i)/10))
	}
	r, ok := UnpairedRatio(a, b)
	// The 100 logarithms i - j/10 are -0.9, -0.8, … 9, so the 24th is 1.4 and the 77th 6.7.
	near := func(x, y float64) bool { return math.Abs(math.Log(x)-y) < 1e-9 }
	if !ok || !near(r.Center, 4.05) || !near(r.Low, 1.4) || !near(r.High, 6.7) {
		t.Errorf("the ratio is %+v, %v", r, ok)
	}
}

func TestSamplesWithoutAnUnpairedRatio(t *testing.T) {
	six := []float64{1, 1, 1, 1, 1, 1}
	for name, samples := range map[string][2][]float64{
		"five samples":        {six[:5], six},
		"nothing got through": {{0, 1, 1, 1, 1, 1}, six},
		"a rate of 0 below":   {six, {1, 1, 1, 1, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if r, ok := UnpairedRatio(samples[0], samples[1]); ok {
				t.Errorf("the ratio is %+v", r)
			}
		})
	}
}
