package bench

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"busybench/bench/arrivals"
	"busybench/bench/limit"
	"busybench/bench/outcome"
)

// machine is a file with a known capacity: each writer waits for its turn at the one write lock,
// and holds it for service.
type machine struct {
	writers          int
	service, timeout time.Duration // no timeout if 0
	length           time.Duration // of a round
	rounds           uint64        // made
}

// capacity returns the most arrivals per second that the lock allows.
func (m *machine) capacity() int { return int(time.Second / m.service) }

// round makes a round, with arrivals of its own.
func (m *machine) round(rate int) outcome.Round {
	m.rounds++
	r := outcome.Round{
		Schedule: outcome.Schedule{
			Mode: outcome.Sustained, Release: 1, Deadline: 1 + int64(m.length),
		},
		Writers: make([]outcome.Series, m.writers),
	}
	free := make([]int64, m.writers)
	lockFree := int64(0)
	for _, at := range arrivals.Poisson(m.rounds, float64(rate), m.length) {
		first := slices.Index(free, slices.Min(free))
		o := outcome.Outcome{Intended: r.Release + at}
		o.Start = max(o.Intended, free[first])
		if begin := max(o.Start, lockFree); m.timeout > 0 && begin-o.Start > int64(m.timeout) {
			o.Code, o.End = outcome.Busy, o.Start+int64(m.timeout)
		} else {
			o.End = begin + int64(m.service)
			lockFree = o.End
		}
		free[first] = o.End
		r.Writers[first].Outcomes = append(r.Writers[first].Outcomes, o)
	}
	return r
}

// search searches for the rate that the machine can take.
func (m *machine) search(t *testing.T, o LimitOptions) limit.Result {
	t.Helper()
	o.Over, o.Rounds = limit.Rate, cmp.Or(o.Rounds, 5)
	r, err := limit.Search{
		Max: o.max(), Rounds: o.Rounds,
		Trial: func(n int) (limit.Trial, error) { return o.judge(m.round(n)), nil },
	}.Run()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// In rounds of up to a thousand arrivals the rate that is found is at most a twentieth above the
// capacity. It may be a quarter below, because arrivals come unevenly, and all rounds must pass.
func TestTheCapacityOfAMachineIsFoundWithinTheInterval(t *testing.T) {
	for _, c := range []struct {
		name string
		machine
	}{
		{"one writer", machine{writers: 1, service: 2500 * time.Microsecond}},
		{"two slow writers", machine{writers: 2, service: 10 * time.Millisecond}},
		{"eight writers", machine{writers: 8, service: 2500 * time.Microsecond}},
		{"many fast writers", machine{writers: 32, service: 250 * time.Microsecond}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.length = 1000 * c.service
			capacity := c.capacity()
			var searches []limit.Result
			for range 5 {
				r := c.search(t, LimitOptions{})
				if got := r.Passed(); 4*got < 3*capacity || 20*got > 21*capacity {
					t.Errorf("found %d, the capacity is %d", got, capacity)
				}
				searches = append(searches, r)
			}
			low, high := limit.PredictionInterval(searches)
			next := c.search(t, LimitOptions{}).Passed()
			if capacity < low || capacity > high || next < low || next > high {
				t.Errorf("capacity %d, next search %d, interval %d to %d",
					capacity, next, low, high)
			}
		})
	}
}

// Eight writers that hold the lock for 2.5 ms can take 400 arrivals per second at most.
func TestCriteriaOfARate(t *testing.T) {
	const timeout = 10 * time.Millisecond
	for _, c := range []struct {
		name     string
		timeout  time.Duration
		options  LimitOptions
		min, max int
	}{
		{"any latency", 0, LimitOptions{}, 320, 420},
		{"a generous p99", 0, LimitOptions{P99: time.Second}, 320, 420},
		{"a p99 of a few turns", 0, LimitOptions{P99: 10 * time.Millisecond}, 100, 300},
		{"a p99 below one turn", 0, LimitOptions{P99: time.Millisecond}, 0, 1},
		{"no lock errors", timeout, LimitOptions{}, 8, 250},
		{"1 % lock errors", timeout, LimitOptions{Errors: ErrorBound{Percent: 1}}, 180, 350},
		{"all lock errors, but not more arrivals than begin", timeout,
			LimitOptions{Errors: ErrorBound{Percent: 100}}, 320, 1200},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := machine{writers: 8, service: 2500 * time.Microsecond, timeout: c.timeout,
				length: 2 * time.Second}
			if got := m.search(t, c.options).Passed(); got < c.min || got > c.max {
				t.Errorf("found %d, want %d to %d", got, c.min, c.max)
			}
		})
	}
}

func TestErrorBound(t *testing.T) {
	for _, c := range []struct {
		text, words, ofRate string
		errors, attempts    int // the most that are allowed
	}{
		{"0", "0 lock errors", "no lock errors", 0, 1000},
		{"0%", "0 lock errors", "no lock errors", 0, 1000},
		{"1", "1 lock error", "at most 1 lock error a round", 1, 1000},
		{"3", "3 lock errors", "at most 3 lock errors a round", 3, 3},
		{"1%", "1 % lock errors", "at most 1 % lock errors", 10, 1000},
		{"0.5%", "0.5 % lock errors", "at most 0.5 % lock errors", 4, 999},
	} {
		t.Run(c.text, func(t *testing.T) {
			var e ErrorBound
			if err := e.set(c.text); err != nil {
				t.Fatal(err)
			}
			if e.String() != c.words || e.atMost() != c.ofRate {
				t.Errorf("words are %q and %q", e.String(), e.atMost())
			}
			if !e.allows(c.errors, c.attempts) || e.allows(c.errors+1, c.attempts) {
				t.Errorf("of %d attempts %d and not %d may fail: %v, %v", c.attempts, c.errors,
					c.errors+1, e.allows(c.errors, c.attempts), e.allows(c.errors+1, c.attempts))
			}
		})
	}
}

// The words for bursts are those of older snapshots, which can be compared with new ones only then.
func TestSettingsOfASearch(t *testing.T) {
	for _, c := range []struct {
		name    string
		options LimitOptions
		want    string
	}{
		{"bursts", LimitOptions{Rounds: 5},
			"5 bursts each with up to 0 lock errors and any p99, up to 1,024 writers"},
		{"bursts with a p99", LimitOptions{Rounds: 1, Max: 1, P99: 1250 * time.Microsecond,
			Errors: ErrorBound{Count: 1}},
			"1 burst each with up to 1 lock error and p99 up to 1.25ms, up to 1 writer"},
		{"rounds", LimitOptions{Over: limit.Rate, Rounds: 5},
			"5 rounds of 2s each with no lock errors and any p99, " +
				"up to 65,536 arrivals per second"},
		{"rounds with a p99", LimitOptions{Over: limit.Rate, Rounds: 5, Max: 8, P99: time.Minute,
			Errors: ErrorBound{Count: 2}},
			"5 rounds of 2s each with at most 2 lock errors a round and p99 of at most 1m0s, " +
				"up to 8 arrivals per second"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.options.settings(2 * time.Second).String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
