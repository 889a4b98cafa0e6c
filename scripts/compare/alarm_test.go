package main

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/combin"

	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// committed reads a snapshot of the results directory.
func committed(t *testing.T, name string) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Read(filepath.Join("../../results", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runs returns a snapshot with some of the runs of another, by the place of the results in their
// rows.
func runs(s *snapshot.Snapshot, chosen []int) *snapshot.Snapshot {
	part := *s
	part.Results = nil
	for _, row := range some(s.Rows(), chosen) {
		part.Results = append(part.Results, row.Results...)
	}
	return &part
}

// some returns rows with some of their results.
func some(rows []snapshot.Row, chosen []int) (part []snapshot.Row) {
	for _, row := range rows {
		results := row.Results
		row.Results = nil
		for _, i := range chosen {
			row.Results = append(row.Results, results[i])
		}
		part = append(part, row)
	}
	return part
}

// judge returns the gate of GATE=5.
func judge(t *testing.T, older, newer *snapshot.Snapshot) *gate {
	t.Helper()
	g := &gate{percent: 5}
	if err := g.compare(older, newer); err != nil {
		t.Fatal(err)
	}
	return g
}

// withTenRuns returns the rows that have ten results.
func withTenRuns(t *testing.T, s *snapshot.Snapshot) []snapshot.Row {
	t.Helper()
	fewer := func(row snapshot.Row) bool { return len(row.Results) < 10 }
	rows := slices.DeleteFunc(s.Rows(), fewer)
	if len(rows) == 0 {
		t.Fatalf("%s has no row with ten runs", s.Path)
	}
	return rows
}

// splits returns all ways to deal 10 runs to two sides.
func splits() (all [][2][]int) {
	for _, first := range combin.Combinations(10, 5) {
		var second []int
		for i := range 10 {
			if !slices.Contains(first, i) {
				second = append(second, i)
			}
		}
		all = append(all, [2][]int{first, second})
	}
	return all
}

// Nothing has changed between two halves of one snapshot's runs. The gate is to shut in at most 5 %
// of the splits, both over all rows and over one row alone. With 5 runs on each side it can shut
// only if there are few figures, so the rows alone are the harder test.
func TestWithNothingChangedTheGateShutsInFewSplits(t *testing.T) {
	for _, name := range []string{
		"default", "policies", "conn", "fairness", "txn", "txn500", "writers2000", "faults", "lone",
		"service",
	} {
		t.Run(name, func(t *testing.T) {
			s := committed(t, name)
			rows := withTenRuns(t, s)
			all, shut, alone := splits(), 0, map[string]int{}
			for _, split := range all {
				g := &gate{percent: 5}
				if err := g.judge(s, s, some(rows, split[0]), some(rows, split[1])); err != nil {
					t.Fatal(err)
				}
				if len(g.worse()) > 0 {
					shut++
				}
				for _, row := range rows {
					if shutsFor(g, row.Name) {
						alone[row.Name]++
					}
				}
			}
			limit := len(all) / 20
			if shut > limit {
				t.Errorf("shuts in %d of %d splits", shut, len(all))
			}
			for row, n := range alone {
				if n > limit {
					t.Errorf("of %s alone: shuts in %d of %d splits", row, n, len(all))
				}
			}
		})
	}
}

// Ten runs on each side are enough to shut the gate. They are drawn, with replacement, from the ten
// runs of one snapshot.
func TestWithTenRunsEachAndNothingChangedTheGateShutsSeldom(t *testing.T) {
	const draws = 100
	for _, name := range []string{"default", "policies", "conn"} {
		t.Run(name, func(t *testing.T) {
			s := committed(t, name)
			rows, shut := withTenRuns(t, s), 0
			random := rand.New(rand.NewPCG(1, 1))
			draw := func() (chosen []int) {
				for range 10 {
					chosen = append(chosen, random.IntN(10))
				}
				return chosen
			}
			for range draws {
				g := &gate{percent: 5}
				if err := g.judge(s, s, some(rows, draw()), some(rows, draw())); err != nil {
					t.Fatal(err)
				}
				if len(g.worse()) > 0 {
					shut++
				}
			}
			if shut > draws/20 {
				t.Errorf("shuts in %d of %d draws", shut, draws)
			}
		})
	}
}

// shutsFor reports whether the gate would shut if it judged nothing but one row.
func shutsFor(g *gate, row string) bool {
	var ps []float64
	for _, f := range g.figures {
		if f.row == row && !f.constant {
			ps = append(ps, f.p)
		}
	}
	for _, p := range ranktest.Holm(ps) {
		if p <= gateAlpha {
			return true
		}
	}
	return false
}

// slowed returns a snapshot in which the rates are divided by a factor and the times multiplied.
func slowed(s *snapshot.Snapshot, factor float64) *snapshot.Snapshot {
	slow := *s
	slow.Results = nil
	for _, r := range s.Results {
		r := r.Clone()
		for i := range r.Values {
			if s.Units.GetBetter(r.Values[i].Unit) > 0 {
				r.Values[i].Value /= factor
			} else {
				r.Values[i].Value *= factor
			}
		}
		slow.Results = append(slow.Results, r)
	}
	return &slow
}

// The first ten runs of this snapshot are compared with the other ten, once as they are and once
// twice as slow.
func TestTheGateShutsForARealChange(t *testing.T) {
	s := committed(t, "lone")
	var halves [2][]int
	for i := range 20 {
		halves[i/10] = append(halves[i/10], i)
	}
	older, newer := runs(s, halves[0]), runs(s, halves[1])
	if worse := judge(t, older, newer).worse(); len(worse) > 0 {
		t.Errorf("unchanged: shuts for %+v", worse)
	}
	g := judge(t, older, slowed(newer, 2))
	if n := len(g.worse()); n < 10 {
		t.Errorf("twice as slow: %d of %d figures are worse", n, len(g.figures))
	}
}
