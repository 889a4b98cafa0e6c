package limit

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// upTo is a system in which bursts of up to limit writers pass and all larger ones fail.
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
			t.Errorf("limit %d: between %d and %d, more than 5 %% apart", limit, passed, failed)
		}
		if r.Censored() || r.HighestPassAbove() > 0 {
			t.Errorf("limit %d: censored %v, highest pass above %d",
				limit, r.Censored(), r.HighestPassAbove())
		}
	}
}

func TestLimitAboveTheMaximumIsCensored(t *testing.T) {
	for _, maximum := range []int{1, 2, 3, 1000, 1024} {
		t.Run(fmt.Sprint(maximum), func(t *testing.T) {
			r := run(t, Search{Max: maximum, Rounds: 2, Trial: upTo(1 << 20)})
			if !r.Censored() || r.Passed() != maximum || r.Failed() != 0 {
				t.Errorf("censored %v, %d passed, %d failed", r.Censored(), r.Passed(), r.Failed())
			}
		})
	}
}

func TestOnlyTheMaximumFails(t *testing.T) {
	r := run(t, Search{Max: 1000, Rounds: 2, Trial: upTo(999)})
	if r.Censored() || r.Failed() != 1000 || r.Passed() < 950 {
		t.Errorf("censored %v, %d passed, %d failed", r.Censored(), r.Passed(), r.Failed())
	}
}

func TestEvenOneWriterFails(t *testing.T) {
	r := run(t, Search{Max: 1024, Rounds: 5, Trial: upTo(0)})
	if r.Passed() != 0 || r.Failed() != 1 || r.Censored() {
		t.Errorf("censored %v, %d passed, %d failed", r.Censored(), r.Passed(), r.Failed())
	}
}

func TestProbesCountRoundsAndFailures(t *testing.T) {
	calls := map[int]int{}
	var announced []int
	r := run(t, Search{Max: 8, Rounds: 3,
		Trial: func(n int) (Trial, error) {
			calls[n]++
			failed := n == 8 || n == 6 && calls[n] == 2
			return Trial{Passed: !failed, Attempts: n, Errors: map[bool]int{true: 1}[failed]}, nil
		},
		OnProbe: func(n, rounds int, estimate time.Duration) {
			if rounds != 3 || estimate < 0 || len(announced) == 0 && estimate != 0 {
				t.Errorf("OnProbe(%d, %d, %v)", n, rounds, estimate)
			}
			announced = append(announced, n)
		},
	})
	for i := range r.Probes {
		if r.Probes[i].Took <= 0 {
			t.Errorf("%+v took no time", r.Probes[i])
		}
		r.Probes[i].Took = 0
	}
	want := []Probe{
		{N: 1, Rounds: 3, Attempts: 3},
		{N: 2, Rounds: 3, Attempts: 6},
		{N: 4, Rounds: 3, Attempts: 12},
		{N: 8, Rounds: 1, Failures: 1, Attempts: 8, Errors: 1},
		{N: 6, Rounds: 2, Failures: 1, Attempts: 12, Errors: 1},
		{N: 5, Rounds: 3, Attempts: 15},
	}
	if diff := cmp.Diff(want, r.Probes); diff != "" {
		t.Errorf("probes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 4, 8, 6, 5}, announced); diff != "" {
		t.Errorf("calls of OnProbe (-want +got):\n%s", diff)
	}
}

// For a system that fails at 8 to 15 and passes at 16, the limit must not be 16, and the pass at 16
// must be reported.
func TestPassAboveAFailureIsReported(t *testing.T) {
	r := run(t, Search{Max: 1024, Rounds: 5, Trial: func(n int) (Trial, error) {
		return Trial{Passed: n < 8 || n > 15, Attempts: n}, nil
	}})
	if r.Passed() != 7 || r.Failed() != 8 {
		t.Errorf("%d passed, %d failed, want 7 and 8", r.Passed(), r.Failed())
	}
	if r.HighestPassAbove() != 16 {
		t.Errorf("highest pass above is %d, want 16", r.HighestPassAbove())
	}
}

// A search that expired still knows two numbers between which the limit lies.
func TestExpiredSearchIsCutShort(t *testing.T) {
	steps := 0
	expired := func() bool { steps++; return steps > 1 }
	r := run(t, Search{Max: 1024, Rounds: 2, Trial: upTo(300), Expired: expired})
	if !r.CutShort || r.Passed() != 256 || r.Failed() != 384 {
		t.Errorf("cut short %v, %d passed, %d failed", r.CutShort, r.Passed(), r.Failed())
	}
}

func TestErrorOfATrialEndsTheSearch(t *testing.T) {
	broken := errors.New("broken")
	calls := 0
	_, err := Search{Max: 8, Rounds: 2, Trial: func(int) (Trial, error) {
		calls++
		return Trial{}, broken
	}}.Run()
	if !errors.Is(err, broken) || calls != 1 {
		t.Errorf("error is %v after %d bursts", err, calls)
	}
}

// noisy is a system whose bursts fail at random: a floor of all bursts, and of the others the more
// the larger they are.
func noisy(scale, shape, floor float64, random *rand.Rand) func(int) (Trial, error) {
	return func(n int) (Trial, error) {
		pass := (1 - floor) * math.Exp(-math.Pow(float64(n)/scale, shape))
		return Trial{Passed: random.Float64() < pass, Attempts: n}, nil
	}
}

// In a noisy system a search finds an N that passed five times and a larger one that failed. Most
// searches must end where the probability that a burst fails is between 0.1 % and 50 %.
func TestLimitOfANoisySystem(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const scale, shape, searches = 100, 4, 500
	inside := 0
	for range searches {
		r := run(t, Search{Max: 1024, Rounds: 5, Trial: noisy(scale, shape, 0, random)})
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
