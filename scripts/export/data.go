package main

import (
	"slices"
	"strconv"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// data is a snapshot as a table: a line for each result, with the same columns in each.
type data struct {
	*snapshot.Snapshot
	selected snapshot.Selection
	axes     []string // those that any row has
	facts    []string // keys of other header lines that differ between rows
	units    []string // those that are selected and that any row reports
}

// newData returns the data of the selected results. Unless units are selected, it has all.
func newData(s *snapshot.Snapshot, selected snapshot.Selection, all bool) data {
	d := data{Snapshot: s, selected: selected}
	rows := s.Rows()
	for _, axis := range snapshot.AxisNames(rows) {
		has := func(row snapshot.Row) bool { return row.Value(axis) != "" }
		if slices.ContainsFunc(rows, has) {
			d.axes = append(d.axes, axis)
		}
	}
	d.units = s.AllUnits()
	if !all {
		d.units = selected.Of(d.units)
	}
	for _, key := range d.HeaderKeys() {
		if !slices.Contains(d.axes, key) && !d.isCommon(key) {
			d.facts = append(d.facts, key)
		}
	}
	return d
}

// isCommon reports whether all results have the same value of a header line.
func (d data) isCommon(key string) bool {
	value := d.Results[0].GetConfig(key)
	return !slices.ContainsFunc(d.Results, func(r *benchfmt.Result) bool {
		return r.GetConfig(key) != value
	})
}

// columns returns the names of the columns, each once.
func (d data) columns() []string {
	names := slices.Concat([]string{"benchmark", "name", "run", "disturbed"}, d.axes, d.facts)
	for _, unit := range d.units {
		names = append(names, unitColumn(unit))
	}
	return names
}

// unitColumn returns the column of a unit. Some units of Limit have the names of axes.
func unitColumn(unit string) string {
	if scenario.IsAxis(unit) {
		return "unit:" + unit
	}
	return unit
}

// cells returns the cells of a result. A cell is empty if the result has no such value.
func (d data) cells(r *benchfmt.Result) []string {
	cells := []string{string(r.Name.Base()), r.Name.String(), "", ""}
	if run, ok := d.RunOf(r); ok {
		cells[2], cells[3] = strconv.Itoa(run.Number), strconv.FormatBool(run.Disturbed != "")
	}
	row := snapshot.Row{Results: []*benchfmt.Result{r}}
	for _, axis := range d.axes {
		cells = append(cells, row.Value(axis))
	}
	for _, key := range d.facts {
		cells = append(cells, r.GetConfig(key))
	}
	for _, unit := range d.units {
		cells = append(cells, written(r, unit))
	}
	return cells
}

// written returns a value of a result as the file has it, without an exponent, or an empty text.
func written(r *benchfmt.Result, unit string) string {
	for _, v := range r.Values {
		switch unit {
		case v.OrigUnit:
			return strconv.FormatFloat(v.OrigValue, 'f', -1, 64)
		case v.Unit:
			return strconv.FormatFloat(v.Value, 'f', -1, 64)
		}
	}
	return ""
}
