package metrics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

const (
	busy     = outcome.Busy
	snapshot = outcome.BusySnapshot
)

// at returns an outcome with times in ms.
func at(start, end int64, code outcome.Code) outcome.Outcome {
	return outcome.Outcome{Start: start * 1e6, End: end * 1e6, Code: code}
}

// series returns writers with these outcomes, each of batch rows.
func series(batch int, lists [][]outcome.Outcome) (all []outcome.Series) {
	for _, list := range lists {
		ids := make([]uuid.UUID, batch*len(list))
		all = append(all, outcome.Series{Outcomes: list, IDs: ids})
	}
	return all
}

func burst(release int64, lists [][]outcome.Outcome) outcome.Round {
	return outcome.Round{
		Schedule: outcome.Schedule{Mode: outcome.Burst, Release: release},
		Writers:  series(1, lists),
	}
}

func sustained(release, deadline int64, batch int, lists [][]outcome.Outcome) outcome.Round {
	return outcome.Round{
		Schedule: outcome.Schedule{Mode: outcome.Sustained, Release: release, Deadline: deadline},
		Writers:  series(batch, lists),
	}
}

func compare(t *testing.T, metrics []Metric, want map[string]float64) {
	t.Helper()
	if len(metrics) != len(want) {
		t.Errorf("%d metrics, want %d: %v", len(metrics), len(want), metrics)
	}
	for _, m := range metrics {
		w, ok := want[m.Unit]
		if !ok {
			t.Errorf("unexpected metric %s", m.Unit)
		} else if math.Abs(m.Value-w) > 1e-9*math.Abs(w) {
			t.Errorf("%s is %v, want %v", m.Unit, m.Value, w)
		}
	}
}

// withoutReads adds the metrics of readers to those of writers that have none beside them.
func withoutReads(want map[string]float64) map[string]float64 {
	for _, unit := range []string{
		"reads/s", "readerr-%", "read-p50-ns", "read-p99-ns", "read-max-ns", "wal-B",
	} {
		want[unit] = 0
	}
	return want
}

func TestMetricsOfTwoBursts(t *testing.T) {
	c := NewCollector(outcome.Burst)
	// Released at 100 ms. One takes 10 ms, one fails after 40 ms, one starts 5 ms late and takes 1.
	// All three are in flight then.
	first := burst(100e6, [][]outcome.Outcome{
		{at(101, 111, 0)}, {at(102, 142, busy)}, {at(105, 106, 0)},
	})
	first.CPU = 8 * time.Millisecond
	c.Add(first)
	// Released at 1000 ms. All end within 60 ms.
	c.Add(burst(1000e6, [][]outcome.Outcome{
		{at(1000, 1060, 0)}, {at(1000, 1020, snapshot)}, {at(1001, 1031, 0)},
	}))
	compare(t, c.Metrics(), withoutReads(map[string]float64{
		"ns/op":     (42e6 + 60e6) / 2,
		"inserts/s": 4 / 0.102,
		"lockerr-%": 100 * 2.0 / 6,
		"attempts":  6,
		"lockerrs":  2,
		"p50-ns":    20e6, // of 6, 11, 20, 31, 42, 60
		"p95-ns":    60e6, "p99-ns": 60e6, "p999-ns": 60e6,
		"max-ns":       60e6,
		"acked-p50-ns": 11e6, // of 6, 11, 31, 60
		"last-ack-ns":  (11e6 + 60e6) / 2,
		"rounds":       2, "lockerr-rounds": 2,
		"lockerr-writers-%": 100.0 / 3,
		"acked-p99-ns":      60e6,
		"lockidle-%":        0, "lockheld-%": 0, // these outcomes have no instants of the lock
		"open-%": 0, "wait-%": 100, "begin-%": 0, "insert-%": 0, "commit-%": 0, "close-%": 0,
		"skew-ns":       5e6,
		"overlap":       3,
		"stall-ns":      31e6, // 111 to 142 ms, and 1000 to 1031
		"cpu-ns/insert": 2e6,
		"lost-rows":     0,
	}))
}

func TestRowsAfterTheDeadlineDoNotCountInTheRate(t *testing.T) {
	c := NewCollector(outcome.Sustained)
	// A round from 0 to 100 ms. The second writer's last attempt ends after the deadline. It counts
	// as an attempt, and so does its latency, but not in the rate.
	round := sustained(0, 100e6, 1, [][]outcome.Outcome{
		{at(0, 30, 0), at(30, 60, 0), at(60, 100, 0)},
		{at(1, 51, busy), at(51, 131, 0)},
		{at(2, 12, 0)},
	})
	round.CPU = 10 * time.Millisecond
	c.Add(round)
	compare(t, c.Metrics(), withoutReads(map[string]float64{
		"ns/op":     0,
		"inserts/s": 4 / 0.1,
		"lockerr-%": 100.0 / 6,
		"attempts":  6,
		"lockerrs":  1,
		"p50-ns":    30e6, // of 10, 30, 30, 40, 50, 80
		"p95-ns":    80e6, "p99-ns": 80e6, "p999-ns": 80e6,
		"max-ns":         80e6,
		"acked-p50-ns":   30e6, // of 10, 30, 30, 40, 80
		"arrival-p50-ns": 40e6, // 70 of 209 ms are in shorter attempts
		"arrival-p99-ns": 80e6, // 49 ms of it are before the deadline
		"rounds":         1, "lockerr-rounds": 1,
		"lockerr-writers-%": 100.0 / 3,
		"acked-p99-ns":      80e6,
		"jain":              16.0 / (3 * 10), // shares 3, 0, 1
		"stall-ns":          40e6,            // from 60 to 100 ms
		"offered/s":         0, "late-%": 0,
		"cpu-ns/insert": 2e6,   // 5 rows, with the one after the deadline
		"starve-ns":     131e6, // the second writer's, until after the deadline
		"lockidle-%":    0, "lockheld-%": 0,
		"open-%": 0, "wait-%": 100, "begin-%": 0, "insert-%": 0, "commit-%": 0, "close-%": 0,
		"lost-rows": 0,
	}))
}

// A burst's callers come at the release. One whose writer first had to wait for a processor waited
// from then on.
func TestABurstsLatencyCountsFromTheRelease(t *testing.T) {
	c := NewCollector(outcome.Burst)
	c.Add(burst(100e6, [][]outcome.Outcome{{at(105, 106, 0)}}))
	if got := c.P99(); got != 6*time.Millisecond {
		t.Errorf("p99 is %v, want 6ms", got)
	}
}

// After the deadline writers go on so that those who still wait do so under the same load.
func TestAttemptsThatBeginAfterTheDeadlineDoNotCount(t *testing.T) {
	counted := [][]outcome.Outcome{
		{at(0, 60, 0), at(60, 140, busy)}, {at(0, 90, 0), at(90, 101, 0)},
	}
	more := [][]outcome.Outcome{
		{at(0, 60, 0), at(60, 140, busy), at(140, 150, busy), at(150, 151, 0)},
		{at(0, 90, 0), at(90, 101, 0), at(101, 102, busy), at(102, 400, 0)},
	}
	var all [2][]Metric
	for i, lists := range [][][]outcome.Outcome{counted, more} {
		c := NewCollector(outcome.Sustained)
		c.Add(sustained(0, 100e6, 1, lists))
		all[i] = c.Metrics()
	}
	if !slices.Equal(all[0], all[1]) {
		t.Errorf("metrics are %v, without the attempts after the deadline %v", all[1], all[0])
	}
}

// One writer has all in the first round, the other in the second.
func TestFairnessIsOfEachRound(t *testing.T) {
	c := NewCollector(outcome.Sustained)
	for round := range 2 {
		lists := [][]outcome.Outcome{{}, {}}
		lists[round] = []outcome.Outcome{at(0, 50, 0), at(50, 90, 0)}
		c.Add(sustained(0, 100e6, 1, lists))
	}
	if got := value(c, Jain); got != 0.5 {
		t.Errorf("jain is %v, want 0.5", got)
	}
}

// value returns one of a collector's metrics.
func value(c *Collector, unit string) float64 {
	for _, m := range c.Metrics() {
		if m.Unit == unit {
			return m.Value
		}
	}
	return math.NaN()
}

// A lucky writer makes an attempt each few milliseconds, the other 63 wait for 200 to 800 ms each.
// The length of the round, or the speed of the lucky one, changes the p99 of attempts. It must not
// change what a caller waits who comes at any instant.
func TestArrivalQuantilesDependNeitherOnTheRoundNorOnALuckyWriter(t *testing.T) {
	collect := func(length, lucky int64) *Collector {
		lists := make([][]outcome.Outcome, 64)
		for i := range lists {
			wait := lucky
			if i > 0 {
				wait = 200 + int64(i%7)*100
			}
			for start := int64(0); start < length; start += wait {
				lists[i] = append(lists[i], at(start, start+wait, 0))
			}
		}
		c := NewCollector(outcome.Sustained)
		c.Add(sustained(0, length*1e6, 1, lists))
		return c
	}
	ofAttempts := map[float64]bool{}
	for _, c := range []struct {
		name          string
		length, lucky int64
	}{
		{"a short round", 1000, 100},
		{"a long round", 16000, 100},
		{"a short round and a fast writer", 1000, 1},
		{"a long round and a fast writer", 16000, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			metrics := collect(c.length, c.lucky)
			ofAttempts[value(metrics, P99)] = true
			if got := value(metrics, ArrivalP99); got != 800e6 {
				t.Errorf("arrival-p99-ns is %v, want 800 ms", got)
			}
		})
	}
	if len(ofAttempts) < 2 {
		t.Errorf("the p99 of attempts is the same, %v: this test compares nothing", ofAttempts)
	}
}

// benchstat accepts neither NaN nor Inf.
func TestMetricsAreFinite(t *testing.T) {
	for name, rounds := range map[string][][][]outcome.Outcome{
		"no rounds":              nil,
		"no attempts":            {{{}, {}}},
		"one error of no length": {{{at(0, 0, busy)}}},
	} {
		for _, mode := range []outcome.Mode{outcome.Burst, outcome.Sustained} {
			t.Run(fmt.Sprintf("%v/%s", mode, name), func(t *testing.T) {
				c := NewCollector(mode)
				for _, lists := range rounds {
					schedule := outcome.Schedule{Mode: mode}
					c.Add(outcome.Round{Schedule: schedule, Writers: series(1, lists)})
				}
				for _, m := range c.Metrics() {
					if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
						t.Errorf("%s is %v", m.Unit, m.Value)
					}
				}
			})
		}
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]int64, 100)
	for i := range hundred {
		hundred[i] = int64(100 - i)
	}
	for _, c := range []struct {
		name   string
		values []int64
		q      float64
		want   int64
	}{
		{"no values", nil, 0.5, 0},
		{"lowest of one", []int64{7}, 0, 7},
		{"99 % of one", []int64{7}, 0.99, 7},
		{"median of three", []int64{3, 1, 2}, 0.5, 2},
		{"median of four", []int64{4, 3, 2, 1}, 0.5, 2},
		{"99 % of a hundred", hundred, 0.99, 99},
		{"99.1 % of a hundred", hundred, 0.991, 100},
		{"highest of a hundred", hundred, 1, 100},
		{"lowest of a hundred", hundred, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Quantile(c.values, c.q); got != c.want {
				t.Errorf("Quantile(%v, %v) is %d, want %d", c.values, c.q, got, c.want)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []int64
		want   float64
	}{
		{"no value", nil, 0},
		{"one value", []int64{7}, 7},
		{"two values", []int64{4, 1}, 2.5},
		{"odd number of values", []int64{9, 1, 5}, 5},
		{"even number of values", []int64{9, 1, 5, 3}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Median(c.values); got != c.want {
				t.Errorf("median is %v, want %v", got, c.want)
			}
		})
	}
}

func TestJainIndex(t *testing.T) {
	for _, c := range []struct {
		name   string
		shares []int
		want   float64
	}{
		{"no writers", nil, 0},
		{"no rows", []int{0, 0}, 0},
		{"one writer", []int{5}, 1},
		{"equal shares", []int{3, 3, 3}, 1},
		{"one of three has all", []int{9, 0, 0}, 1.0 / 3},
		{"unequal shares", []int{1, 3}, 0.8},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := JainIndex(c.shares); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("JainIndex(%v) is %v, want %v", c.shares, got, c.want)
			}
		})
	}
}

// benchstat guesses the direction of a unit that has no Unit line.
func TestEveryUnitIsDeclaredOnceAndInFull(t *testing.T) {
	known := map[string]bool{}
	for _, u := range Units {
		if !slices.Contains([]string{higher, lower, none}, u.Better) {
			t.Errorf("%s is better=%s", u.Name, u.Better)
		}
		if u.Of == "" || u.Doc == "" {
			t.Errorf("%s is of %q and documented as %q", u.Name, u.Of, u.Doc)
		}
		if known[u.Name] {
			t.Errorf("%s is declared twice", u.Name)
		}
		known[u.Name] = true
	}
}

func TestAModeReportsTheUnitsDeclaredForIt(t *testing.T) {
	for mode, name := range map[outcome.Mode]string{
		outcome.Burst: "Burst", outcome.Sustained: "Sustained", outcome.ColdStart: "Open",
	} {
		t.Run(name, func(t *testing.T) {
			var declared, reported []string
			for _, u := range Units {
				if slices.Contains(strings.Split(u.Of, ", "), name) {
					declared = append(declared, u.Name)
				}
			}
			for _, m := range NewCollector(mode).Metrics() {
				if mode == outcome.Sustained && m.Unit == NsPerOp {
					continue // always 0, in place of the testing package's own value
				}
				reported = append(reported, m.Unit)
			}
			slices.Sort(declared)
			slices.Sort(reported)
			if diff := cmp.Diff(declared, reported); diff != "" {
				t.Errorf("declared and reported units differ (-declared +reported):\n%s", diff)
			}
		})
	}
}

// The expected values are published: the exact form of the rule of three for k = 0, and the tables
// for 1 of 5.
func TestUpperBound(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want float64
	}{
		{0, 5, 1 - math.Pow(0.05, 1.0/5)},
		{0, 320, 1 - math.Pow(0.05, 1.0/320)},
		{1, 5, 0.6574},
		{5, 5, 1},
		{0, 0, 1},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.k, c.n), func(t *testing.T) {
			if got := UpperBound(c.k, c.n); math.Abs(got-c.want) > 1e-4 {
				t.Errorf("upper bound is %v, want %v", got, c.want)
			}
		})
	}
}

// In an open loop a caller comes at its arrival. An attempt whose arrival is before the deadline
// counts, however late it begins.
func TestOpenLoop(t *testing.T) {
	arrived := func(intended int64, o outcome.Outcome) outcome.Outcome {
		o.Intended = intended * 1e6
		return o
	}
	c := NewCollector(outcome.Sustained)
	c.Add(sustained(0, 100e6, 1, [][]outcome.Outcome{
		{arrived(10, at(10, 30, 0)), arrived(20, at(30, 60, 0)), arrived(90, at(110, 130, 0))},
		{arrived(120, at(130, 140, 0))}, // only keeps up the load
	}))
	for unit, want := range map[string]float64{
		"offered/s": 3 / 0.1, "late-%": 200.0 / 3, "attempts": 3, "inserts/s": 2 / 0.1,
		"p50-ns": 40e6, "max-ns": 40e6, // of 20, 40, 40
	} {
		if got := value(c, unit); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s is %v, want %v", unit, got, want)
		}
	}
	if got, want := c.Overload(), "67 % of 30 arrivals per second"; got != want {
		t.Errorf("overload is %q, want %q", got, want)
	}
	closed := NewCollector(outcome.Sustained)
	closed.Add(sustained(0, 100e6, 1, [][]outcome.Outcome{{at(0, 130, 0)}}))
	if got := closed.Overload(); got != "" {
		t.Errorf("a closed loop has overload %q", got)
	}
}

// One arrival in a hundred may be left when the round is over, and one of fewer.
func TestKeepsUp(t *testing.T) {
	for _, c := range []struct {
		offered, left int
		want          bool
	}{
		{0, 0, true}, {1, 0, true}, {1, 1, true}, {2, 2, false}, {100, 1, true}, {100, 2, false},
		{101, 2, true}, {200, 2, true}, {200, 3, false},
	} {
		t.Run(fmt.Sprintf("%d of %d are left", c.left, c.offered), func(t *testing.T) {
			collector := NewCollector(outcome.Sustained)
			var all []outcome.Outcome
			for i := range c.offered {
				o := at(10, 20, 0)
				if i >= c.offered-c.left {
					o = at(100, 110, 0)
				}
				o.Intended = 10e6
				all = append(all, o)
			}
			collector.Add(sustained(0, 100e6, 1, [][]outcome.Outcome{all}))
			if got := collector.KeepsUp(); got != c.want {
				t.Errorf("keeps up: %v, want %v", got, c.want)
			}
		})
	}
}
