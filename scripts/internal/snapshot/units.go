package snapshot

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
)

// Headline are the units that are printed first, and alone if UNITS is not given: of a burst
// last-ack-ns, of the others max-ns. A burst whose last attempt is refused lasts as long as the
// timeout, whatever its rate: the last acknowledgement says when its rows are in the file.
var Headline = []string{
	metrics.InsertsPerSecond, metrics.LockErrors, metrics.P50, metrics.P99, metrics.LastAck,
	metrics.Max,
}

// Units returns the units of a row as the benchmarks write them, sorted.
func (r Row) Units() (units []string) {
	for _, v := range r.Results[0].Values {
		unit := v.Unit
		if v.OrigUnit != "" {
			unit = v.OrigUnit
		}
		units = append(units, unit)
	}
	return SortUnits(units)
}

// AllUnits returns the units of all rows as the benchmarks write them, sorted.
func (s *Snapshot) AllUnits() []string {
	var units []string
	for _, row := range s.Rows() {
		units = append(units, row.Units()...)
	}
	return SortUnits(units)
}

// SortUnits returns distinct units: the headline units, then the others in the order in which the
// benchmarks declare them, then unknown ones.
func SortUnits(units []string) (sorted []string) {
	order := slices.Clone(Headline)
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

// IsTime reports whether a unit is a time. The values of such a unit are in seconds.
func IsTime(unit string) bool {
	before, _, _ := strings.Cut(unit, "/")
	return before == "ns" || strings.HasSuffix(before, "-ns")
}

// Heading returns the heading of a unit's column.
func Heading(unit string) string {
	if unit == metrics.LockErrors {
		return "lock errors"
	}
	return strings.TrimSuffix(unit, "-ns")
}

// FormatValue formats a value for people.
func FormatValue(unit string, v float64) string {
	switch {
	case IsTime(unit):
		return format.Seconds(v)
	case strings.HasSuffix(unit, "-%"):
		return FormatShare(v)
	}
	return format.Number(v)
}

// DependsOnRefusals reports whether a unit looks better if attempts are refused.
func DependsOnRefusals(unit string) bool {
	return slices.Contains([]string{
		metrics.NsPerOp, metrics.InsertsPerSecond, metrics.P50, metrics.P99, metrics.Max,
		metrics.AckedP50, metrics.AckedP99, metrics.ArrivalP50, metrics.ArrivalP99, metrics.LastAck,
	}, unit)
}

// InUnit returns a value in its unit as the benchmarks write it. Times are in seconds before.
func InUnit(unit string, v float64) float64 {
	if IsTime(unit) {
		return v * 1e9
	}
	return v
}

// FormatNumber writes a number with up to 10 significant digits and without an exponent, and
// nothing for one that is infinite or none.
func FormatNumber(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return ""
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 9, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
