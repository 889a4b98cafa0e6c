package main

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
)

// pair holds two rows that differ in the value of one axis.
type pair struct{ base, row snapshot.Row }

// findPairs returns the rows of a section with two values of an axis that differ in nothing else.
func findPairs(s snapshot.Section, axis, base, value string) (pairs []pair) {
	bases := map[string]snapshot.Row{}
	key := func(row snapshot.Row, v string) string {
		return strings.Replace(row.Name, "/"+axis+"="+v, "", 1) + "\n" + row.Header()
	}
	has := func(row snapshot.Row, v string) bool {
		got, ok := snapshot.Axis(row.Results[0], axis)
		return ok && got == v
	}
	for _, row := range s.Rows {
		if has(row, base) {
			bases[key(row, base)] = row
		}
	}
	for _, row := range s.Rows {
		if b, ok := bases[key(row, value)]; ok && has(row, value) {
			pairs = append(pairs, pair{b, row})
		}
	}
	return pairs
}

// effect is how pairs of rows differ in a unit: the ratios whose intervals exclude 1, above it or
// below it, and how many do not, or are not compared.
type effect struct {
	higher, lower      []snapshot.TestedRatio
	undecided, refused int
}

func newEffect(s *snapshot.Snapshot, pairs []pair, unit string) (e effect) {
	for _, p := range pairs {
		if p.base.Refuses() || p.row.Refuses() {
			e.refused++
			continue
		}
		a, b := s.Pairs(p.row, s, p.base, unit)
		r, ok := snapshot.PairedRatio(a, b)
		switch {
		case !ok: // too few runs, or no such figure
		case r.Low > 1:
			e.higher = append(e.higher, r)
		case r.High < 1:
			e.lower = append(e.lower, r)
		default:
			e.undecided++
		}
	}
	return e
}

// String says in how many rows a unit is higher or lower. It is empty if no row can be compared.
func (e effect) String() string {
	if len(e.higher)+len(e.lower)+e.undecided == 0 {
		return ""
	}
	var parts []string
	for _, side := range []struct {
		word   string
		ratios []snapshot.TestedRatio
	}{{"higher", e.higher}, {"lower", e.lower}} {
		if len(side.ratios) > 0 {
			parts = append(parts, fmt.Sprintf("%s in %s (%s)", side.word,
				format.Count(len(side.ratios), "row"), describeRatios(side.ratios)))
		}
	}
	if e.undecided > 0 {
		parts = append(parts, fmt.Sprintf("undecided in %s", format.Count(e.undecided, "row")))
	}
	if e.refused > 0 {
		parts = append(parts, fmt.Sprintf("not compared in %s with lock errors",
			format.Count(e.refused, "row")))
	}
	return strings.Join(parts, ", ")
}

// describeRatios returns the ratio with its interval, or the range of several ratios.
func describeRatios(ratios []snapshot.TestedRatio) string {
	if len(ratios) == 1 {
		return ratios[0].String()
	}
	var centers []float64
	for _, r := range ratios {
		centers = append(centers, r.Center)
	}
	return fmt.Sprintf("%sx to %sx", format.Factor(slices.Min(centers)),
		format.Factor(slices.Max(centers)))
}
