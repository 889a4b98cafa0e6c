package snapshot

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"busybench/bench/metrics"
	"busybench/bench/nearest"
)

// allUnits is the value of UNITS that selects all units.
const allUnits = "all"

// Selection says which units to print.
type Selection struct {
	all   bool
	names []string // nil: the headline units
}

// ParseUnits reads UNITS: "all", or names of units or headings of their columns.
func ParseUnits(text string, snapshots ...*Snapshot) (Selection, error) {
	text = strings.ReplaceAll(text, Heading(metrics.LockErrors), metrics.LockErrors)
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(words) == 0 {
		return Selection{}, nil
	}
	var known []string
	for _, s := range snapshots {
		known = append(known, s.AllUnits()...)
	}
	known = SortUnits(known)
	if slices.Equal(words, []string{allUnits}) {
		return Selection{all: true}, nil
	}
	var names []string
	for _, word := range words {
		i := slices.IndexFunc(known, func(unit string) bool {
			return word == unit || word == Heading(unit)
		})
		if i < 0 {
			return Selection{}, fmt.Errorf("UNITS: no benchmark reports %q%s; "+
				"give %s, or some of %s", word, nearest.Question(word, known), allUnits,
				strings.Join(known, ", "))
		}
		names = append(names, known[i])
	}
	return Selection{names: names}, nil
}

// Of returns the units to print of those that a section reports.
func (s Selection) Of(reports []string) (units []string) {
	selected := s.names
	switch {
	case s.all:
		return reports
	case selected != nil:
	case slices.Contains(reports, metrics.LastAck):
		selected = Headline[:len(Headline)-1]
	case slices.Contains(reports, metrics.P50):
		selected = Headline
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

// Decisive returns the units of the verdict, of those that are printed.
func (s Selection) Decisive(printed []string) []string {
	if s.names != nil || !slices.Contains(printed, metrics.P50) {
		return printed
	}
	return []string{metrics.LockErrors, metrics.InsertsPerSecond, metrics.P99}
}
