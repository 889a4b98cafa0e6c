package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/nearest"
	"busybench/scripts/internal/snapshot"
)

// headline are the units that are printed first, and alone if UNITS is not given: of a burst
// last-ack-ns, of the others max-ns. A burst whose last attempt is refused lasts as long as the
// timeout, whatever its rate: the last acknowledgement says when its rows are in the file.
var headline = []string{
	metrics.InsertsPerSecond, metrics.LockErrors, metrics.P50, metrics.P99, metrics.LastAck,
	metrics.Max,
}

// allUnits is the value of UNITS that selects all units.
const allUnits = "all"

// selection says which units to print.
type selection struct {
	all   bool
	names []string // nil: the headline units
}

// parseUnits reads UNITS: "all", or names of units or headings of their columns.
func parseUnits(text string, snapshots ...*snapshot.Snapshot) (selection, error) {
	text = strings.ReplaceAll(text, heading(metrics.LockErrors), metrics.LockErrors)
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(words) == 0 {
		return selection{}, nil
	}
	var known []string
	for _, s := range snapshots {
		for _, row := range s.Rows() {
			known = append(known, unitsOf(row)...)
		}
	}
	known = sortUnits(known)
	if slices.Equal(words, []string{allUnits}) {
		return selection{all: true}, nil
	}
	var names []string
	for _, word := range words {
		i := slices.IndexFunc(known, func(unit string) bool {
			return word == unit || word == heading(unit)
		})
		if i < 0 {
			return selection{}, fmt.Errorf("UNITS: no benchmark to compare reports %q%s; "+
				"give %s, or some of %s", word, nearest.Question(word, known), allUnits,
				strings.Join(known, ", "))
		}
		names = append(names, known[i])
	}
	return selection{names: names}, nil
}

// of returns the units to print of those that a section reports.
func (s selection) of(reports []string) (units []string) {
	selected := s.names
	switch {
	case s.all:
		return reports
	case selected != nil:
	case slices.Contains(reports, metrics.LastAck):
		selected = headline[:len(headline)-1]
	case slices.Contains(reports, metrics.P50):
		selected = headline
	default: // of the disk, the harness or a search
		selected = slices.DeleteFunc(slices.Clone(reports), func(unit string) bool {
			return unit == metrics.NsPerOp && len(reports) > 1
		})
	}
	for _, unit := range selected {
		if slices.Contains(reports, unit) {
			units = append(units, unit)
		}
	}
	return units
}

// decisive returns the units of the verdict, of those that are printed.
func (s selection) decisive(printed []string) []string {
	if s.names != nil || !slices.Contains(printed, metrics.P50) {
		return printed
	}
	return []string{metrics.LockErrors, metrics.InsertsPerSecond, metrics.P99}
}

// unitsOf returns the units of a row as the benchmarks write them, sorted.
func unitsOf(row snapshot.Row) (units []string) {
	for _, v := range row.Results[0].Values {
		unit := v.Unit
		if v.OrigUnit != "" {
			unit = v.OrigUnit
		}
		units = append(units, unit)
	}
	return sortUnits(units)
}

// sortUnits returns distinct units: the headline units, then the others in the order in which the
// benchmarks declare them, then unknown ones.
func sortUnits(units []string) (sorted []string) {
	order := slices.Clone(headline)
	for _, unit := range metrics.Units {
		order = append(order, unit.Name)
	}
	for _, unit := range append(order, units...) {
		if slices.Contains(units, unit) && !slices.Contains(sorted, unit) {
			sorted = append(sorted, unit)
		}
	}
	return sorted
}

// isTime reports whether a unit is a time. The values of such a unit are in seconds.
func isTime(unit string) bool {
	before, _, _ := strings.Cut(unit, "/")
	return before == "ns" || strings.HasSuffix(before, "-ns")
}

// heading returns the heading of a unit's column.
func heading(unit string) string {
	if unit == metrics.LockErrors {
		return "lock errors"
	}
	return strings.TrimSuffix(unit, "-ns")
}

// formatValue formats a value for people.
func formatValue(unit string, v float64) string {
	switch {
	case isTime(unit):
		return format.Seconds(v)
	case strings.HasSuffix(unit, "-%"):
		return formatShare(v)
	}
	return format.Number(v)
}

// dependsOnRefusals reports whether a unit looks better if attempts are refused.
func dependsOnRefusals(unit string) bool {
	return slices.Contains([]string{
		metrics.NsPerOp, metrics.InsertsPerSecond, metrics.P50, metrics.P99, metrics.Max,
		metrics.AckedP50, metrics.AckedP99, metrics.ArrivalP50, metrics.ArrivalP99, metrics.LastAck,
	}, unit)
}
