package main

import (
	"fmt"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// width is the max number of columns of a table. Texts have [format.Columns].
const width = 100

// valueWidth is how much of a value's name is printed beside its figures.
const valueWidth = 40

// line is a line of a table: a heading without figures, the figures of a row, or how they compare
// with those of a base.
type line struct {
	label     string
	row, base *snapshot.Row // nil if there is none
}

// tables returns the tables of a comparison, one for each section.
func (c comparison) tables(selected selection) string {
	var text strings.Builder
	for _, s := range c.sections {
		if units := selected.of(s.reports); len(units) > 0 {
			text.WriteString(c.title(s) + "\n\n")
			c.writeTable(&text, s, units)
		}
	}
	return text.String()
}

// title says what a section compares, and under which settings.
func (c comparison) title(s section) string {
	text := s.benchmark
	if c.axis != "" {
		text += " by " + c.axis
	}
	if fixed := c.fixed(s); len(fixed) > 0 {
		text += ", all rows with " + strings.Join(fixed, " ")
	}
	return format.Wrap(text, format.Columns, "", "  ")
}

// fixed returns the axes that are the same in all rows of a section, with their values.
func (c comparison) fixed(s section) []string {
	_, fixed := snapshot.SplitAxes(s.rows())
	return fixed
}

// writeTable writes a table with a line for each row, and below each but the first of a group a
// line that compares the two. If there are too many units for one table, it writes several.
func (c comparison) writeTable(text *strings.Builder, s section, units []string) {
	lines := c.lines(s)
	for len(units) > 0 {
		n := 1
		for n < len(units) && c.newTable(lines, units[:n+1]).Width() <= width {
			n++
		}
		c.newTable(lines, units[:n]).WriteTo(text) // never fails
		text.WriteString("\n")
		units = units[n:]
	}
}

// lines returns the lines of a section.
func (c comparison) lines(s section) (lines []line) {
	fixed := c.fixed(s)
	for _, g := range s.groups {
		if len(s.groups) > 1 {
			lines = append(lines, line{label: s.label(g, c.axis, fixed)})
		}
		for i, row := range g {
			if row == nil {
				continue
			}
			lines = append(lines, line{label: "  " + shorten(c.values[i], valueWidth), row: row})
			if i > 0 {
				label := "  vs " + shorten(c.values[0], valueWidth)
				lines = append(lines, line{label, row, g[0]})
			}
		}
	}
	return lines
}

// newTable returns a table with a column for each unit.
func (c comparison) newTable(lines []line, units []string) *table.Table {
	t := &table.Table{Left: 1}
	head := []string{c.axis}
	for _, unit := range units {
		head = append(head, heading(unit))
	}
	t.Add(head...)
	widest := shareWidth(lines)
	for _, l := range lines {
		cells := []string{l.label}
		for _, unit := range units {
			switch {
			case l.row == nil:
			case l.base != nil:
				cells = append(cells, c.difference(*l.row, *l.base, unit))
			case unit == metrics.LockErrors:
				cells = append(cells, lockErrorCell(*l.row, widest))
			default:
				cells = append(cells, value(*l.row, unit))
			}
		}
		t.Add(cells...)
	}
	return t
}

// value returns the median of a row with its 95 % confidence interval.
func value(row snapshot.Row, unit string) string {
	summary := snapshot.Summary(row.Samples(unit))
	if summary.Center == 0 && (unit == metrics.AckedP50 || unit == metrics.AckedP99) {
		return "-" // none was acknowledged
	}
	text := formatValue(unit, summary.Center)
	if row.IsMax(unit) {
		text += snapshot.MaxMark
	}
	if spread, ok := snapshot.Spread(summary); ok {
		text += " " + spread
	} else {
		text += fmt.Sprintf(" [%s, %s]",
			formatValue(unit, summary.Lo), formatValue(unit, summary.Hi))
	}
	if dependsOnRefusals(unit) {
		return row.Mark(text)
	}
	return text
}

// lockErrorCell returns the lock errors of all runs and their share of the attempts, or if there
// are none, the attempts.
func lockErrorCell(row snapshot.Row, shareWidth int) string {
	errors := format.Number(row.Sum(metrics.LockErrors))
	if row.Sum(metrics.LockErrors) == 0 {
		return errors + " of " + format.Number(row.Sum(metrics.Attempts))
	}
	return fmt.Sprintf("%s  %*s", errors, shareWidth, formatShare(share(row)))
}

// share returns the lock errors as a percentage of the attempts.
func share(row snapshot.Row) float64 {
	return 100 * row.Sum(metrics.LockErrors) / max(1, row.Sum(metrics.Attempts))
}

func formatShare(percent float64) string { return format.Number(percent) + " %" }

// shareWidth returns the width of the widest share of lock errors.
func shareWidth(lines []line) (widest int) {
	for _, l := range lines {
		if l.row != nil {
			widest = max(widest, len(formatShare(share(*l.row))))
		}
	}
	return widest
}

// difference returns the ratio of a row to the first of its group, and the p value.
func (c comparison) difference(row, base snapshot.Row, unit string) string {
	if unit == metrics.LockErrors {
		if row.Sum(unit)+base.Sum(unit) == 0 {
			return ""
		}
		unit = metrics.LockErrorPercent // runs may have different numbers of attempts
		return c.probability(row, base, unit)
	}
	q, ok := c.divide(row, base, unit)
	text := c.probability(row, base, unit)
	if ok && text != equal {
		text = times(q.Center) + " " + text
	}
	return snapshot.Mark(text, q.marked)
}

// equal stands for a difference if all samples are equal.
const equal = "equal"

// probability returns the p value of a difference for people.
func (c comparison) probability(row, base snapshot.Row, unit string) string {
	p, ok := c.pValue(row, base, unit)
	if !ok {
		return ""
	}
	if a, b := c.samples(row, base, unit); isConstant(a, b) {
		return equal
	}
	return formatP(p)
}

// pValue returns the p value of a difference, 1 if all samples are equal: of a ratio that of the
// test of its interval, otherwise of the signed-rank test of the differences if runs are paired, of
// the U test if not. It returns false if there are no samples.
func (c comparison) pValue(row, base snapshot.Row, unit string) (p float64, ok bool) {
	a, b := c.samples(row, base, unit)
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0, false
	case isConstant(a, b):
		return 1, true
	}
	if q, ok := c.divide(row, base, unit); ok {
		return q.P, true
	}
	if !c.paired {
		return ranktest.TwoSided(ranktest.Greater(a, b), ranktest.Greater(b, a)), true
	}
	up, down := make([]float64, len(a)), make([]float64, len(a))
	for i := range a {
		up[i], down[i] = a[i]-b[i], b[i]-a[i]
	}
	return ranktest.TwoSided(ranktest.Positive(up), ranktest.Positive(down)), true
}

// formatP formats a p value, such as "p=0.002".
func formatP(p float64) string {
	if p < 0.001 {
		return "p<0.001"
	}
	return fmt.Sprintf("p=%.3f", p)
}
