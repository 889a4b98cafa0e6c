package limit

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// system is a known system: newTrial returns it as one search finds it.
type system struct {
	name     string
	newTrial func(random *rand.Rand) func(n int) (Trial, error)
}

// steady is a system that is the same in each search.
func steady(scale, shape, floor float64) func(*rand.Rand) func(int) (Trial, error) {
	return func(random *rand.Rand) func(int) (Trial, error) {
		return noisy(scale, shape, floor, random)
	}
}

// wall is a system in which every burst above a limit fails, and a floor of all others. The limit
// of each search is normally distributed.
func wall(at, sd, floor float64) func(*rand.Rand) func(int) (Trial, error) {
	return func(random *rand.Rand) func(int) (Trial, error) {
		limit := at * (1 + sd*random.NormFloat64())
		return func(n int) (Trial, error) {
			return Trial{Passed: float64(n) <= limit && random.Float64() >= floor, Attempts: n}, nil
		}
	}
}

// systems are of the model's family in the first half, and of others in the second.
var systems = []system{
	{"shape 2, scale 90", steady(90, 2, 0)},
	{"shape 4, scale 5", steady(5, 4, 0)},
	{"shape 4, scale 700", steady(700, 4, 0)},
	{"shape 20, scale 90", steady(90, 20, 0)},
	{"hazard of n in 2000", steady(2000, 1, 0)},
	{"hazard of n in 500", steady(500, 1, 0)},
	{"1 burst in 20 fails, else shape 4", steady(300, 4, 0.05)},
	{"1 burst in 50 fails, wall at 300", wall(300, 0, 0.02)},
	{"1 burst in 20 fails, wall at 300", wall(300, 0, 0.05)},
	{"wall drifts by 15 %", wall(300, 0.15, 0)},
	{"wall drifts by 30 %", wall(300, 0.30, 0)},
}

// The limit of the next search must lie in the interval of one search in 95 % of all pairs, in each
// system.
func TestNextSearchEndsWithinTheInterval(t *testing.T) {
	t.Parallel()
	checkCoverage(t, 1, 300)
}

// So it must with the common interval of several searches.
func TestNextSearchEndsWithinTheCommonInterval(t *testing.T) {
	if testing.Short() {
		t.Skip("makes thousands of searches")
	}
	t.Parallel()
	t.Run("of three", func(t *testing.T) { checkCoverage(t, 3, 150) })
	t.Run("of ten", func(t *testing.T) { checkCoverage(t, 10, 50) })
}

// checkCoverage simulates searches of each system and one more, and counts how often the limit of
// that one lies in the interval of the others.
func checkCoverage(t *testing.T, count, pairs int) {
	if testing.Short() {
		pairs = min(pairs, 40)
	}
	p := newPredictor(1024, 5)
	for _, s := range systems {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(3, 4))
			search := func() Result {
				return run(t, Search{Max: p.max, Rounds: p.rounds, Trial: s.newTrial(random)})
			}
			inside := 0
			for range pairs {
				var searches []Result
				for range count {
					searches = append(searches, search())
				}
				low, high := p.interval(searches)
				if next := search().Passed(); low <= next && next <= high {
					inside++
				}
			}
			t.Logf("%s: %d of %d further searches lie in the interval", t.Name(), inside, pairs)
			if 100*inside < 95*pairs {
				t.Errorf("%d of %d further searches lie in the interval, want 95 %%", inside, pairs)
			}
		})
	}
}

func TestIntervalContainsASharpLimit(t *testing.T) {
	for _, limit := range []int{0, 1, 10, 300, 1 << 20} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			r := run(t, Search{Max: 1024, Rounds: 5, Trial: upTo(limit)})
			low, high := PredictionInterval([]Result{r})
			if low > r.Passed() || high < r.Passed() {
				t.Errorf("limit is %d, interval %d to %d", r.Passed(), low, high)
			}
			t.Logf("limit is %d, interval %d to %d", r.Passed(), low, high)
		})
	}
}

// One search of five bursts each cannot rule out that 1 burst in 50 fails. Ten can.
func TestFurtherSearchesNarrowTheInterval(t *testing.T) {
	r := run(t, Search{Max: 1024, Rounds: 5, Trial: upTo(300)})
	var searches []Result
	for range 10 {
		searches = append(searches, r)
	}
	low, high := PredictionInterval(searches[:1])
	if low > 1 {
		t.Errorf("the interval of one search is %d to %d, want 0 or 1 as its lower end", low, high)
	}
	if low, high := PredictionInterval(searches); low < 150 || high > 450 {
		t.Errorf("the interval of ten searches is %d to %d, want it between 150 and 450", low, high)
	}
}

// A search tries no N outside the list, or the interval would be computed for another.
func TestPossibleSizes(t *testing.T) {
	for _, maximum := range []int{1, 2, 3, 100, 1000, 1024} {
		t.Run(fmt.Sprint(maximum), func(t *testing.T) {
			p := newPredictor(maximum, 1)
			tried := map[int]bool{0: true}
			for limit := range maximum + 1 {
				r := run(t, Search{Max: maximum, Rounds: 1, Trial: upTo(limit)})
				for _, probe := range r.Probes {
					if _, possible := p.index[probe.N]; !possible {
						t.Errorf("limit %d: %d is tried but not listed", limit, probe.N)
					}
					tried[probe.N] = true
				}
			}
			if len(tried) != len(p.sizes) {
				t.Errorf("%d sizes are listed, %d are tried", len(p.sizes), len(tried))
			}
		})
	}
}
