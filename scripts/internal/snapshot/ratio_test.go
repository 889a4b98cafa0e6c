package snapshot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestMeanRatio(t *testing.T) {
	// The logarithms are ln 2 - d, ln 2 and ln 2 + d. Their deviation is d. The quantiles are of
	// Student's t with 2 degrees of freedom.
	const d = 0.1
	b := []float64{10, 1000, 100}
	a := []float64{20 * math.Exp(-d), 2000, 200 * math.Exp(d)}
	for confidence, quantile := range map[float64]float64{0.95: 4.3026527, 0.99: 9.9248432} {
		t.Run(fmt.Sprint(confidence), func(t *testing.T) {
			r, ok := MeanRatio(a, b, confidence)
			half := quantile * d / math.Sqrt(3)
			want := Ratio{2, 2 * math.Exp(-half), 2 * math.Exp(half)}
			near := func(x, y float64) bool { return math.Abs(x-y) < 1e-6 }
			if !ok || !near(r.Center, want.Center) ||
				!near(r.Low, want.Low) || !near(r.High, want.High) {
				t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
			}
		})
	}
}

func TestMeanRatioIgnoresARunThatWasCutShort(t *testing.T) {
	r, ok := MeanRatio([]float64{2, 2, 2, 100}, []float64{1, 1, 1}, 0.95)
	if want := (Ratio{2, 2, 2}); !ok || r != want {
		t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
	}
}

func TestSamplesWithoutAMeanRatio(t *testing.T) {
	for name, samples := range map[string][2][]float64{
		"two runs":            {{1, 2}, {1, 2}},
		"nothing got through": {{0, 1, 1}, {1, 1, 1}},
		"a rate of 0 below":   {{1, 1, 1}, {1, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if r, ok := MeanRatio(samples[0], samples[1], 0.95); ok {
				t.Errorf("the ratio is %+v", r)
			}
		})
	}
}

// Of 6 pairs, the interval is from the smallest to the largest ratio, and of 10, from the 9th
// smallest of the 55 estimates to the 9th largest: the critical value of the test is 8 at 5 %.
func TestPairedRatio(t *testing.T) {
	for n, want := range map[int]TestedRatio{
		6:  {Ratio: Ratio{math.Exp(0.25), math.Exp(0), math.Exp(0.5)}, P: 2.0 / 32},
		10: {Ratio: Ratio{math.Exp(0.45), math.Exp(0.2), math.Exp(0.7)}, P: 2.0 / 512},
	} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var a, b []float64
			for i := range n {
				a, b = append(a, 7*math.Exp(float64(i)/10)), append(b, 7)
			}
			r, ok := PairedRatio(a, b)
			near := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 }
			if !ok || !near(r.Center, want.Center) || !near(r.Low, want.Low) ||
				!near(r.High, want.High) || !near(r.P, want.P) {
				t.Errorf("the ratio is %+v, %v, want %+v", r, ok, want)
			}
		})
	}
}

func TestSamplesWithoutAPairedRatio(t *testing.T) {
	six := []float64{1, 1, 1, 1, 1, 1}
	for name, samples := range map[string][2][]float64{
		"five runs":           {six[:5], six},
		"nothing got through": {{0, 1, 1, 1, 1, 1}, six},
		"a rate of 0 below":   {six, {1, 1, 1, 1, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if r, ok := PairedRatio(samples[0], samples[1]); ok {
				t.Errorf("the ratio is %+v", r)
			}
		})
	}
}

// Rounded values are often equal.
func TestPIsAtMostFivePercentIfAndOnlyIfTheIntervalExcludesOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for name, digits := range map[string]float64{"without ties": 1e9, "with ties": 4} {
		for kind, ratio := range map[string]func(a, b []float64) (TestedRatio, bool){
			"paired": PairedRatio, "unpaired": UnpairedRatio,
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				found, none := 0, 0
				for range 1000 {
					n, shift := 6+random.IntN(25), random.Float64()
					draw := func(shift float64) (samples []float64) {
						for range n {
							v := math.Exp(shift + random.NormFloat64()/2)
							samples = append(samples, math.Ceil(v*digits)/digits)
						}
						return samples
					}
					r, ok := ratio(draw(shift), draw(0))
					if !ok {
						t.Fatalf("no ratio of %d and %d samples", n, n)
					}
					above, below := r.Low > 1, r.High < 1
					if excludes := above || below; excludes != (r.P <= 0.05) ||
						above != (r.Above <= 0.025) || below != (r.Below <= 0.025) {
						t.Fatalf("%d and %d samples: %+v", n, n, r)
					} else if excludes {
						found++
					} else {
						none++
					}
				}
				if min(found, none) < 100 {
					t.Errorf("%d intervals exclude 1, %d do not", found, none)
				}
			})
		}
	}
}

// If nothing differs, the interval excludes 1 in at most 5 % of all cases, up to four standard
// errors of the share.
func TestAnIntervalSeldomExcludesOneIfNothingDiffers(t *testing.T) {
	const draws = 2000
	limit := draws * (0.05 + 4*math.Sqrt(0.05*0.95/draws))
	random := rand.New(rand.NewPCG(2, 2))
	for name, digits := range map[string]float64{"without ties": 1e9, "with ties": 4} {
		for kind, ratio := range map[string]func(a, b []float64) (TestedRatio, bool){
			"paired": PairedRatio, "unpaired": UnpairedRatio,
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				found := 0
				for range draws {
					var a, b []float64
					for range 6 + random.IntN(10) {
						a = append(a, math.Ceil(math.Exp(random.NormFloat64())*digits)/digits)
						b = append(b, math.Ceil(math.Exp(random.NormFloat64())*digits)/digits)
					}
					if r, ok := ratio(a, b); ok && (r.Low > 1 || r.High < 1) {
						found++
					}
				}
				if float64(found) > limit {
					t.Errorf("%d of %d intervals exclude 1", found, draws)
				}
			})
		}
	}
}

// Of 6 and 6 samples, the interval is from the 6th smallest of the 36 ratios to the 6th largest.
func TestUnpairedRatio(t *testing.T) {
	b := []float64{1, 1, 1, 1, 1, 1}
	a := []float64{2, 3, 4, 5, 6, 7} // each stands 6 times among the ratios
	r, ok := UnpairedRatio(a, b)
	want := TestedRatio{Ratio: Ratio{math.Sqrt(4 * 5), 2, 7}, P: 2.0 / 924, Above: 1.0 / 924}
	if !ok || math.Abs(r.Center-want.Center) > 1e-9 || r.Low != want.Low || r.High != want.High ||
		math.Abs(r.P-want.P) > 1e-9 || math.Abs(r.Above-want.Above) > 1e-9 || r.Below < 0.99 {
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
