package main

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// csvTable writes a report as CSV: a line for each row and unit, once for each comparison. A cell
// is empty if there is no such value, as for a ratio of the first value to itself.
type csvTable struct {
	report
	axes []string // those that any row has
}

// csvFigures are the columns after the axes.
var csvFigures = []string{
	"unit", "n", "median", "low", "high", "ratio", "ratio_low", "ratio_high", "p",
	"marked", // true for what stands in parentheses in the tables
}

// csv returns the report as CSV.
func (r report) csv() string {
	t := csvTable{report: r}
	var rows []snapshot.Row
	for _, row := range r.rows() {
		rows = append(rows, row.Row)
	}
	for _, axis := range snapshot.AxisNames(rows) {
		has := func(row comparedRow) bool { return row.Value(axis) != "" }
		if slices.ContainsFunc(r.rows(), has) {
			t.axes = append(t.axes, axis)
		}
	}
	var text strings.Builder
	out := csv.NewWriter(&text) // never fails
	head := append([]string{"snapshot", "by", "value", "base", "benchmark", "name"}, t.axes...)
	out.Write(append(head, csvFigures...))
	for _, row := range r.rows() {
		for _, unit := range r.selected.Of(row.Row.Units()) {
			out.Write(append(t.describe(row), row.figures(unit)...))
		}
	}
	out.Flush()
	return text.String()
}

// describe returns the cells up to the axes.
func (t csvTable) describe(row comparedRow) []string {
	by, base := row.comparison.axis, ""
	if by == "" {
		by = "snapshot"
	}
	if row.base != nil {
		base = row.comparison.values[0]
	}
	cells := []string{
		snapshot.Label(row.of.Path), by, row.value, base, row.Benchmark(), row.Name,
	}
	for _, axis := range t.axes {
		cells = append(cells, row.Value(axis))
	}
	return cells
}

// comparedRow is a row as a comparison has it.
type comparedRow struct {
	snapshot.Row
	comparison comparison
	of         *snapshot.Snapshot
	value      string        // of the axis, or which snapshot
	base       *snapshot.Row // nil if it is the base or has none
}

// rows returns all rows of all comparisons, those without a row to compare them with, too.
func (r report) rows() (rows []comparedRow) {
	for _, c := range r.comparisons {
		bases := c.bases()
		if c.axis == "" {
			for _, row := range c.base.Rows() {
				rows = append(rows, comparedRow{row, c, c.base, c.values[0], nil})
			}
		}
		for _, row := range c.snapshot.Rows() {
			value := row.Value(c.axis)
			if c.axis == "" {
				value = c.values[1]
			}
			rows = append(rows, comparedRow{row, c, c.snapshot, value, bases[key(row)]})
		}
	}
	return rows
}

// key identifies a row of a snapshot.
func key(row snapshot.Row) string { return row.Name + "\n" + row.Header() }

// bases returns the row with which each row is compared, by the row's key.
func (c comparison) bases() map[string]*snapshot.Row {
	bases := map[string]*snapshot.Row{}
	for _, s := range c.sections {
		for _, g := range s.groups {
			for _, row := range g[1:] {
				if row != nil {
					bases[key(*row)] = g[0]
				}
			}
		}
	}
	return bases
}

// figures returns the cells from the unit on.
func (r comparedRow) figures(unit string) []string {
	samples := r.Samples(unit)
	summary := snapshot.Summary(samples)
	number := func(v float64) string { return snapshot.FormatNumber(snapshot.InUnit(unit, v)) }
	cells := []string{
		unit, strconv.Itoa(len(samples)), number(summary.Center), number(summary.Lo),
		number(summary.Hi), "", "", "", "",
	}
	marked := r.Refuses() && snapshot.DependsOnRefusals(unit)
	if r.base != nil {
		q, ok := r.comparison.divide(r.Row, *r.base, unit)
		if ok {
			for i, v := range []float64{q.Center, q.Low, q.High} {
				cells[5+i] = snapshot.FormatNumber(v)
			}
		}
		if p, ok := r.comparison.pValue(r.Row, *r.base, unit); ok {
			cells[8] = snapshot.FormatNumber(p)
		}
		marked = marked || q.marked
	}
	return append(cells, strconv.FormatBool(marked))
}
