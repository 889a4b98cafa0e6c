package snapshot

import (
	"slices"
	"strings"

	"busybench/bench/metrics"
)

// Section holds the rows of one benchmark that report the same units, for a table.
type Section struct {
	Rows   []Row
	Units  []string
	Varied []string // columns: axes whose values differ, and parts of names without a value
	Fixed  []string // the others with their values, such as "busy=5s"
}

// Sections groups rows for tables, in their order.
func Sections(rows []Row) (sections []Section) {
	for _, row := range rows {
		units := row.Units()
		i := slices.IndexFunc(sections, func(s Section) bool {
			return s.Rows[0].Benchmark() == row.Benchmark() && slices.Equal(s.Units, units)
		})
		if i < 0 {
			i = len(sections)
			sections = append(sections, Section{Units: units})
		}
		sections[i].Rows = append(sections[i].Rows, row)
	}
	for i, s := range sections {
		sections[i].Varied, sections[i].Fixed = SplitAxes(s.Rows)
		sections[i].addOtherKeys()
	}
	return sections
}

// addOtherKeys adds the keys in the rows' names that are no axes, such as disk.
func (s *Section) addOtherKeys() {
	axes := AxisNames(s.Rows)
	for _, row := range s.Rows {
		for _, part := range NameParts(row.Results[0]) {
			key, _, ok := strings.Cut(part, "=")
			if ok && !slices.Contains(axes, key) && !slices.Contains(s.Varied, key) {
				s.Varied = append(s.Varied, key)
			}
		}
	}
}

// Values returns the values of a row in the columns of [Section].Varied.
func (s Section) Values(row Row) (values []string) {
	for _, key := range s.Varied {
		values = append(values, row.Value(key))
	}
	return values
}

// Cells returns the figures of a row in some units, with an empty text for one that it lacks.
func (r Row) Cells(units []string) (cells []string) {
	for _, unit := range units {
		switch {
		case len(r.Samples(unit)) == 0:
			cells = append(cells, "")
		case unit == metrics.LockErrors:
			cells = append(cells, r.LockErrorFigure(0))
		default:
			cells = append(cells, r.Figure(unit))
		}
	}
	return cells
}

// Notes returns sentences that explain the marks in the rows' figures, and the intervals.
func Notes(rows []Row) (notes []string) {
	isMax := func(row Row) bool { return slices.ContainsFunc(row.Units(), row.IsMax) }
	if slices.ContainsFunc(rows, Row.Refuses) {
		notes = append(notes, RefusedNote)
	}
	if slices.ContainsFunc(rows, isMax) {
		notes = append(notes, MaxNote)
	}
	return append(notes, IntervalNote)
}

// IntervalNote explains what stands behind a median.
const IntervalNote = "±, [ ]: 95 % confidence interval of the median, which needs 6 runs."
