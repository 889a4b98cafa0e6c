package tally

import (
	"math"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

const (
	busy     = sqlitedb.Busy
	snapshot = sqlitedb.BusySnapshot
)

// at makes an outcome in milliseconds.
func at(start, end int64, code sqlitedb.Code) writer.Outcome {
	return writer.Outcome{Start: start * 1e6, End: end * 1e6, Code: code}
}

// outcomes gives each writer's outcomes so many rows each.
func outcomes(batch int, lists [][]writer.Outcome) (all []writer.Outcomes) {
	for _, list := range lists {
		all = append(all, writer.Outcomes{List: list, IDs: make([]uuid.UUID, batch*len(list))})
	}
	return all
}

func compare(t *testing.T, figures []Figure, want map[string]float64) {
	t.Helper()
	if len(figures) != len(want) {
		t.Errorf("%d figures, want %d: %v", len(figures), len(want), figures)
	}
	for _, f := range figures {
		if w, ok := want[f.Unit]; !ok || math.Abs(f.Value-w) > 1e-9*math.Abs(w) {
			t.Errorf("%s is %v, want %v (%v)", f.Unit, f.Value, w, ok)
		}
	}
}

func TestBurst(t *testing.T) {
	var tally Tally
	// Released at 100: one waits 10 ms, one gives up after 40, one is late by 5 and takes 1.
	tally.Add(100e6, 0, outcomes(1, [][]writer.Outcome{{at(101, 111, 0)}, {at(102, 142, busy)}, {at(105, 106, 0)}}))
	// Released at 1000: all within 60 ms.
	tally.Add(1000e6, 0, outcomes(1, [][]writer.Outcome{{at(1000, 1060, 0)}, {at(1000, 1020, snapshot)}, {at(1001, 1031, 0)}}))
	compare(t, tally.Burst(), map[string]float64{
		"ns/op":      (42e6 + 60e6) / 2,
		"inserts/s":  4 / 0.102,
		"lockerr-%":  100 * 2.0 / 6,
		"attempts":   6,
		"lockerrs":   2,
		"p50-ns":     20e6, // of 1, 10, 20, 30, 40, 60
		"p99-ns":     60e6,
		"max-ns":     60e6,
		"lockidle-%": 0, "hold-%": 0, // nobody says when it asked for the lock or got it
		"open-%": 0, "wait-%": 100, "begin-%": 0, "insert-%": 0, "commit-%": 0, "close-%": 0,
		"skew-ns":   5e6,
		"lost-rows": 0,
	})
}

func TestSustainedCountsRowsOfItsLengthOnly(t *testing.T) {
	var tally Tally
	// A round from 0 to 100. The second writer's last row comes after the end: an attempt and a
	// wait like all others, but no part of the rate.
	tally.Add(0, 100e6, outcomes(1, [][]writer.Outcome{
		{at(0, 30, 0), at(30, 60, 0), at(60, 100, 0)},
		{at(1, 51, busy), at(51, 131, 0)},
		{at(2, 12, 0)},
	}))
	compare(t, tally.Sustained(), map[string]float64{
		"ns/op":      0,
		"inserts/s":  4 / 0.1,
		"lockerr-%":  100.0 / 6,
		"attempts":   6,
		"lockerrs":   1,
		"p50-ns":     30e6, // of 10, 30, 30, 40, 50, 80
		"p99-ns":     80e6,
		"max-ns":     80e6,
		"jain":       16.0 / (3 * 10), // shares 3, 0, 1
		"starve-ns":  131e6,           // the second writer's, whose round ended late
		"lockidle-%": 0, "hold-%": 0,
		"open-%": 0, "wait-%": 100, "begin-%": 0, "insert-%": 0, "commit-%": 0, "close-%": 0,
		"lost-rows": 0,
	})
}

// Whatever happens, a figure is a number: benchstat takes neither NaN nor Inf.
func TestNothingIsZero(t *testing.T) {
	var none, idle, failed Tally
	idle.Add(0, 0, outcomes(1, [][]writer.Outcome{{}, {}}))
	failed.Add(0, 0, outcomes(1, [][]writer.Outcome{{at(0, 0, busy)}}))
	for _, tally := range []*Tally{&none, &idle, &failed} {
		for _, f := range append(tally.Burst(), tally.Sustained()...) {
			if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
				t.Errorf("%s is %v", f.Unit, f.Value)
			}
		}
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]int64, 100)
	for i := range hundred {
		hundred[i] = int64(100 - i)
	}
	for _, c := range []struct {
		values []int64
		q      float64
		want   int64
	}{
		{nil, 0.5, 0},
		{[]int64{7}, 0, 7},
		{[]int64{7}, 0.99, 7},
		{[]int64{3, 1, 2}, 0.5, 2},
		{[]int64{4, 3, 2, 1}, 0.5, 2},
		{hundred, 0.99, 99},
		{hundred, 0.991, 100},
		{hundred, 1, 100},
		{hundred, 0, 1},
	} {
		if got := Quantile(c.values, c.q); got != c.want {
			t.Errorf("Quantile(%v, %v) is %d, want %d", c.values, c.q, got, c.want)
		}
	}
}

func TestJain(t *testing.T) {
	for _, c := range []struct {
		shares []int
		want   float64
	}{
		{nil, 0}, {[]int{0, 0}, 0}, {[]int{5}, 1}, {[]int{3, 3, 3}, 1}, {[]int{9, 0, 0}, 1.0 / 3}, {[]int{1, 3}, 0.8},
	} {
		if got := Jain(c.shares); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Jain(%v) is %v, want %v", c.shares, got, c.want)
		}
	}
}

// A unit that is reported without a direction would leave benchstat guessing.
func TestEveryFigureHasAUnitLine(t *testing.T) {
	known := map[string]bool{}
	for _, u := range Units {
		if u.Better != "higher" && u.Better != "lower" {
			t.Errorf("%s is better=%s", u.Name, u.Better)
		}
		known[u.Name] = true
	}
	var tally Tally
	for _, f := range append(tally.Burst(), tally.Sustained()...) {
		if !known[f.Unit] {
			t.Errorf("%s has no direction", f.Unit)
		}
	}
}

// Against published values: the rule of three's exact form for k = 0, and the tables for 1 of 5.
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
		if got := UpperBound(c.k, c.n); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%d of %d: at most %v, want %v", c.k, c.n, got, c.want)
		}
	}
}
