package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/perf/benchmath"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// width is the number of columns of everything that is printed.
const width = 100

// figures are the cells of a unit, one for each line of a table.
type figures []string

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
	return format.Wrap(text, width, "", "  ")
}

// fixed returns the axes that are the same in all rows of a section, with their values.
func (c comparison) fixed(s section) []string {
	_, fixed := snapshot.SplitAxes(s.rows())
	return fixed
}

// writeTable writes a table with a line for each row, and below each but the first of a group a
// line that compares the two. If there are too many units for one table, it writes several.
func (c comparison) writeTable(text *strings.Builder, s section, units []string) {
	labels := c.labels(s)
	var columns []figures
	for _, unit := range units {
		columns = append(columns, c.figures(s, unit))
	}
	for len(columns) > 0 {
		n := 1
		for n < len(columns) && newTable(labels, columns[:n+1]).Width() <= width {
			n++
		}
		newTable(labels, columns[:n]).WriteTo(text) // never fails
		text.WriteString("\n")
		columns = columns[n:]
	}
}

func newTable(labels []string, columns []figures) *table.Table {
	t := &table.Table{Left: 1}
	for i, label := range labels {
		cells := []string{label}
		for _, c := range columns {
			if i < len(c) && c[i] != noCell {
				cells = append(cells, c[i])
			}
		}
		t.Add(cells...)
	}
	return t
}

// noCell stands in a column for a heading that spans all columns.
const noCell = "\x00"

// labels returns the first cells of all lines.
func (c comparison) labels(s section) []string {
	fixed := c.fixed(s)
	labels := []string{c.axis}
	for _, g := range s.groups {
		labels = append(labels, c.headings(s, g, fixed)...)
		for i, row := range g {
			switch {
			case row == nil:
			case i == 0:
				labels = append(labels, "  "+shorten(c.values[i]))
			default:
				labels = append(labels, "  "+shorten(c.values[i]), "  vs "+shorten(c.values[0]))
			}
		}
	}
	return labels
}

// headings returns the lines above a group that name it. There are none if it is the only one.
func (c comparison) headings(s section, g group, fixed []string) []string {
	if len(s.groups) == 1 {
		return nil
	}
	return strings.Split(format.Wrap(s.label(g, c.axis, fixed), width, "", "  "), "\n")
}

// shorten cuts the name of a value that leaves no room for figures.
func shorten(text string) string {
	const limit = 40
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// figures returns the cells of a unit.
func (c comparison) figures(s section, unit string) figures {
	fixed := c.fixed(s)
	cells := figures{heading(unit)}
	shareWidth := s.shareWidth()
	for _, g := range s.groups {
		for range c.headings(s, g, fixed) {
			cells = append(cells, noCell)
		}
		for i, row := range g {
			if row == nil {
				continue
			}
			if unit == metrics.LockErrors {
				cells = append(cells, lockErrorCell(*row, shareWidth))
			} else {
				cells = append(cells, value(*row, unit))
			}
			if i > 0 {
				cells = append(cells, c.difference(*row, *g[0], unit))
			}
		}
	}
	return cells
}

// value returns the median of a row with its 95 % confidence interval.
func value(row snapshot.Row, unit string) string {
	summary := snapshot.Summary(row.Samples(unit))
	if summary.Center == 0 && (unit == metrics.AckedP50 || unit == metrics.AckedP99) {
		return "-" // none was acknowledged
	}
	text := formatValue(unit, summary.Center)
	if spread := summary.PctRangeString(); spread != "?" {
		text += " ±" + spread
	} else {
		text += fmt.Sprintf(" [%s, %s]",
			formatValue(unit, summary.Lo), formatValue(unit, summary.Hi))
	}
	return inParentheses(text, refuses(row) && dependsOnRefusals(unit))
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
func (s section) shareWidth() (widest int) {
	for _, row := range s.rows() {
		widest = max(widest, len(formatShare(share(row))))
	}
	return widest
}

// difference returns the ratio of a row to the first of its group, and the p value of the U test.
func (c comparison) difference(row, base snapshot.Row, unit string) string {
	if unit == metrics.LockErrors {
		if row.Sum(unit)+base.Sum(unit) == 0 {
			return ""
		}
		unit = metrics.LockErrorPercent // runs may have different numbers of attempts
		return probability(row.Samples(unit), base.Samples(unit))
	}
	text := probability(row.Samples(unit), base.Samples(unit))
	q, ok := c.divide(row, base, unit)
	if ok && text != equal {
		text = times(q.Center) + " " + text
	}
	return inParentheses(text, q.marked)
}

// equal stands for a difference if all samples are equal.
const equal = "equal"

// probability returns the p value of two samples.
func probability(a, b []float64) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	if all := slices.Concat(a, b); slices.Min(all) == slices.Max(all) {
		return equal
	}
	p := benchmath.AssumeNothing.Compare(
		benchmath.NewSample(a, &benchmath.DefaultThresholds),
		benchmath.NewSample(b, &benchmath.DefaultThresholds)).P
	if p < 0.001 {
		return "p<0.001"
	}
	return fmt.Sprintf("p=%.3f", p)
}
