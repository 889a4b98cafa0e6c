package main

import (
	"slices"
	"strings"

	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// comparison is what one stored file compares: the values of an axis, or two snapshots.
type comparison struct {
	axis   string // empty for two snapshots
	paired bool   // runs of the same number are a pair
	// of the rows that are compared, and of those that they are compared with; the same for an axis
	snapshot, base *snapshot.Snapshot
	values         []string // the others are compared with the first
	sections       []section
	lone           []lone
	file           snapshot.File // benchstat's tables
}

// section holds the groups of one benchmark that report the same units.
type section struct {
	benchmark string
	reports   []string // units
	groups    []group
}

// group holds rows that differ only in what is compared, one for each value. A row is nil if it was
// not measured; the first is not.
type group []*snapshot.Row

// lone is a row without another one to compare it with.
type lone struct{ name, reason string }

// add adds a group, or reports that it cannot be compared.
func (c *comparison) add(g group) {
	var measured []int
	for i, row := range g {
		if row != nil {
			measured = append(measured, i)
		}
	}
	if first := measured[0]; len(measured) == 1 {
		c.lone = append(c.lone, lone{rowName(*g[first], ""), "Only " + c.name(first)})
		return
	} else if first > 0 {
		c.lone = append(c.lone, lone{rowName(*g[first], c.axis), "Without " + c.name(0)})
		return
	}
	benchmark, reports := g[0].Benchmark(), g.reports()
	i := slices.IndexFunc(c.sections, func(s section) bool {
		return s.benchmark == benchmark && slices.Equal(s.reports, reports)
	})
	if i < 0 {
		i = len(c.sections)
		c.sections = append(c.sections, section{benchmark: benchmark, reports: reports})
	}
	c.sections[i].groups = append(c.sections[i].groups, g)
}

// name names what is compared, such as "busy=5s".
func (c comparison) name(i int) string {
	if c.axis == "" {
		return c.values[i]
	}
	return c.axis + "=" + c.values[i]
}

// quotient is a ratio of two rows in a unit.
type quotient struct {
	snapshot.TestedRatio
	marked bool // biased by lock errors
}

// samples returns the samples of a row and its base in a unit. If runs are paired, it leaves out
// those that have only one of the two.
func (c comparison) samples(row, base snapshot.Row, unit string) (a, b []float64) {
	if c.paired {
		return c.snapshot.Pairs(row, c.base, base, unit)
	}
	return row.Samples(unit), base.Samples(unit)
}

// divide returns the ratio of a row to its base in a unit, false if there is none.
func (c comparison) divide(row, base snapshot.Row, unit string) (q quotient, ok bool) {
	a, b := c.samples(row, base, unit)
	if c.paired {
		q.TestedRatio, ok = snapshot.PairedRatio(a, b)
	} else {
		q.TestedRatio, ok = snapshot.UnpairedRatio(a, b)
	}
	switch more := share(row) > share(base); {
	case !dependsOnRefusals(unit) || !row.Refuses() && !base.Refuses():
	case !ok || isOfRounds(unit):
		q.marked = true
	case more: // lock errors shorten the waits of the row, so only a ratio above 1 stands
		q.marked = q.Low <= 1
	default: // those of the base, so only one below 1
		q.marked = q.High >= 1
	}
	return q, ok
}

// isOfRounds reports whether a unit is of whole rounds. Refused attempts may shorten a round, since
// they leave others less to wait for, or lengthen it, up to the timeout: a ratio may be biased in
// either direction.
func isOfRounds(unit string) bool {
	return unit == metrics.InsertsPerSecond || unit == metrics.NsPerOp
}

// reports returns the units that all rows of a group report.
func (g group) reports() (units []string) {
	for _, unit := range unitsOf(*g[0]) {
		missing := func(row *snapshot.Row) bool {
			return row != nil && len(row.Samples(unit)) == 0
		}
		if !slices.ContainsFunc(g, missing) {
			units = append(units, unit)
		}
	}
	return units
}

// rows returns the rows of all groups.
func (s section) rows() (rows []snapshot.Row) {
	for _, g := range s.groups {
		for _, row := range g {
			if row != nil {
				rows = append(rows, *row)
			}
		}
	}
	return rows
}

// label returns the words of a group's name that other groups of its section do not have.
func (s section) label(g group, axis string, fixed []string) string {
	var words []string
	for _, word := range snapshot.NameParts(g[0].Results[0]) {
		if key, _, _ := strings.Cut(word, "="); key != axis && !slices.Contains(fixed, word) {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return g[0].Name // they differ in the value of GOMAXPROCS, or in header lines
	}
	return strings.Join(words, " ")
}

// rowName returns a row's name without the value of an axis, and without that of GOMAXPROCS.
func rowName(row snapshot.Row, axis string) string {
	words := []string{row.Benchmark()}
	for _, word := range snapshot.NameParts(row.Results[0]) {
		if key, _, _ := strings.Cut(word, "="); key != axis {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
