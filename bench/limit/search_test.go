package limit

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// upTo is a system that stands so many writers and not one more.
func upTo(limit int) func(int) (Trial, error) {
	return func(n int) (Trial, error) {
		return Trial{Passed: n <= limit, Attempts: n, Errors: max(0, n-limit)}, nil
	}
}

func run(t *testing.T, s Search) Result {
	t.Helper()
	r, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKnownLimitIsFoundTo5Percent(t *testing.T) {
	for limit := 1; limit < 1000; limit++ {
		r := run(t, Search{Max: 1000, Rounds: 2, Trial: upTo(limit)})
		passed, failed := r.Passed(), r.Failed()
		if passed > limit || failed <= limit {
			t.Errorf("limit %d: %d passed, %d failed", limit, passed, failed)
		}
		if gap := failed - passed; gap > 1 && float64(gap) > 0.05*float64(passed) {
			t.Errorf("limit %d: between %d and %d, which is more than 5 %%", limit, passed, failed)
		}
		if r.Censored() || r.HighestPassAbove() > 0 {
			t.Errorf("limit %d: at least %v, above %d", limit, r.Censored(), r.HighestPassAbove())
		}
	}
}

func TestNoLimitBelowTheMaximum(t *testing.T) {
	for _, most := range []int{1, 2, 3, 1000, 1024} {
		r := run(t, Search{Max: most, Rounds: 2, Trial: upTo(1 << 20)})
		if !r.Censored() || r.Passed() != most || r.Failed() != 0 {
			t.Errorf("up to %d: at least %v, %d passed, %d failed", most, r.Censored(), r.Passed(), r.Failed())
		}
	}
	// The maximum itself may be the smallest that fails.
	if r := run(t, Search{Max: 1000, Rounds: 2, Trial: upTo(999)}); r.Censored() || r.Failed() != 1000 || r.Passed() < 950 {
		t.Errorf("999 of 1000: %d passed, %d failed", r.Passed(), r.Failed())
	}
}

func TestNoneAtAll(t *testing.T) {
	r := run(t, Search{Max: 1024, Rounds: 5, Trial: upTo(0)})
	if r.Passed() != 0 || r.Failed() != 1 || r.Censored() {
		t.Errorf("%d passed, %d failed", r.Passed(), r.Failed())
	}
}

func TestProbesTellRoundsAndFailures(t *testing.T) {
	calls := map[int]int{}
	var trying []int
	r := run(t, Search{Max: 8, Rounds: 3,
		Trial: func(n int) (Trial, error) {
			calls[n]++
			failed := n == 8 || n == 6 && calls[n] == 2
			return Trial{Passed: !failed, Attempts: n, Errors: map[bool]int{true: 1}[failed]}, nil
		},
		OnProbe: func(n, rounds int, about time.Duration) {
			if rounds != 3 || about < 0 || len(trying) == 0 && about != 0 {
				t.Errorf("trying %d in %d rounds, about %v", n, rounds, about)
			}
			trying = append(trying, n)
		},
	})
	for i := range r.Probes {
		if r.Probes[i].Took <= 0 {
			t.Errorf("%+v took no time", r.Probes[i])
		}
		r.Probes[i].Took = 0
	}
	want := []Probe{{1, 3, 0, 3, 0, 0}, {2, 3, 0, 6, 0, 0}, {4, 3, 0, 12, 0, 0}, {8, 1, 1, 8, 1, 0}, {6, 2, 1, 12, 1, 0}, {5, 3, 0, 15, 0, 0}}
	if !slices.Equal(r.Probes, want) {
		t.Errorf("probes are %v, want %v", r.Probes, want)
	}
	if want := []int{1, 2, 4, 8, 6, 5}; !slices.Equal(trying, want) {
		t.Errorf("was told to be trying %v, want %v", trying, want)
	}
}

// Somebody who fails at 8 to 15 and passes at 16 must not be told that the limit is 16, nor be
// left without a hint.
func TestNonMonotoneAnswerIsReported(t *testing.T) {
	r := run(t, Search{Max: 1024, Rounds: 5, Trial: func(n int) (Trial, error) {
		return Trial{Passed: n < 8 || n > 15, Attempts: n}, nil
	}})
	if r.Passed() != 7 || r.Failed() != 8 {
		t.Errorf("%d passed, %d failed", r.Passed(), r.Failed())
	}
	if r.HighestPassAbove() != 16 {
		t.Errorf("above it %d passed", r.HighestPassAbove())
	}
}

// A search that is late still knows between which two numbers the limit lies.
func TestLateSearchIsCutShort(t *testing.T) {
	steps := 0
	r := run(t, Search{Max: 1024, Rounds: 2, Trial: upTo(300), Expired: func() bool { steps++; return steps > 1 }})
	if !r.Truncated || r.Passed() != 256 || r.Failed() != 384 {
		t.Errorf("cut short %v, %d passed, %d failed", r.Truncated, r.Passed(), r.Failed())
	}
}

func TestAnErrorEndsTheSearch(t *testing.T) {
	ill := errors.New("ill")
	calls := 0
	_, err := Search{Max: 8, Rounds: 2, Trial: func(int) (Trial, error) {
		calls++
		return Trial{}, ill
	}}.Run()
	if !errors.Is(err, ill) || calls != 1 {
		t.Errorf("error is %v after %d bursts", err, calls)
	}
}

// noisy is a system whose bursts fail by chance, the more the larger they are.
func noisy(scale, shape float64, random *rand.Rand) func(int) (Trial, error) {
	return func(n int) (Trial, error) {
		chance := -math.Expm1(-math.Pow(float64(n)/scale, shape))
		return Trial{Passed: random.Float64() >= chance, Attempts: n}, nil
	}
}

// Of a noisy system a search finds some N that passed five times and one above that failed: of
// many searches most end where a burst fails with a chance between 0.1 % and a half.
func TestNoisyLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const scale, shape, searches = 100, 4, 500
	inside := 0
	for range searches {
		r := run(t, Search{Max: 1024, Rounds: 5, Trial: noisy(scale, shape, random)})
		if r.Passed() >= r.Failed() {
			t.Errorf("%d passed, %d failed", r.Passed(), r.Failed())
		}
		if r.Passed() >= 18 && r.Passed() <= 91 { // (18/100)^4 = 0.1 %, (91/100)^4 = ln 2
			inside++
		}
	}
	if inside < searches*95/100 {
		t.Errorf("%d of %d searches ended between 18 and 91", inside, searches)
	}
}

// The interval of one search must hold what the next one finds, 99 times out of 100 in the long run. Of 60 pairs a few
// more may fall outside.
func TestAnotherSearchEndsWithinTheInterval(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, shape := range []float64{2, 3, 6, 20} {
		for _, scale := range []float64{5, 90, 700} {
			const pairs = 60
			held := 0
			for range pairs {
				s := Search{Max: 1024, Rounds: 5, Trial: noisy(scale, shape, random)}
				low, high := run(t, s).PredictionInterval()
				if next := run(t, s).Passed(); low <= next && next <= high {
					held++
				}
			}
			t.Logf("shape %v, scale %v: %d of %d", shape, scale, held, pairs)
			if held < pairs*93/100 {
				t.Errorf("shape %v, scale %v: the interval held %d of %d further searches", shape, scale, held, pairs)
			}
		}
	}
}

func TestIntervalOfSharpLimits(t *testing.T) {
	for _, limit := range []int{0, 1, 10, 300, 1 << 20} {
		r := run(t, Search{Max: 1024, Rounds: 5, Trial: upTo(limit)})
		low, high := r.PredictionInterval()
		if low > r.Passed() || high < r.Passed() {
			t.Errorf("limit %d: found %d, interval %d to %d", limit, r.Passed(), low, high)
		}
		t.Logf("limit %d: found %d, interval %d to %d", limit, r.Passed(), low, high)
	}
}
