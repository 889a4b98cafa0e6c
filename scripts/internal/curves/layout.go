package curves

import (
	"slices"
	"strconv"
	"strings"

	"busybench/bench/scenario"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// layout says what stands for a row in a picture: which panel, which line and which place on the X
// axis.
//
// Without BY, X is the number of writers. There is a line for each journal mode and kind of writer,
// and a panel for each combination of the axes that do not always stand in a name.
//
// With BY, there is a line for each of its values, and a panel for each combination of the other
// axes that vary. If the number of writers does not vary, X is the values of BY instead, with marks
// for each journal mode and kind of writer.
type layout struct {
	by        string
	values    []string // of by, in the order of the file
	panelAxes []string // the axes in a panel's title; nil if all that do not always stand in a name
	byIsX     bool
}

// newLayout returns the layout for the rows of a benchmark. There is no axis to compare along if by
// is empty.
func newLayout(by string, rows []snapshot.Row) layout {
	l := layout{by: by}
	if by == "" {
		return l
	}
	l.values = values(rows, by)
	l.byIsX = len(values(rows, "writers")) == 1
	for _, axis := range varying(rows) {
		isLine := axis == by || axis == "writers" ||
			l.byIsX && (axis == "exec" || axis == "journal")
		if !isLine {
			l.panelAxes = append(l.panelAxes, axis)
		}
	}
	return l
}

// values returns the values that an axis has in the names of rows, in their order.
func values(rows []snapshot.Row, axis string) (all []string) {
	for _, row := range rows {
		value, ok := snapshot.Axis(row.Results[0], axis)
		if ok && !slices.Contains(all, value) {
			all = append(all, value)
		}
	}
	return all
}

// varying returns the axes that have several values in the names of rows.
func varying(rows []snapshot.Row) (axes []string) {
	for _, row := range rows {
		for _, word := range snapshot.NameParts(row.Results[0]) {
			axis, _, _ := strings.Cut(word, "=")
			if !slices.Contains(axes, axis) && len(values(rows, axis)) > 1 {
				axes = append(axes, axis)
			}
		}
	}
	return axes
}

// place returns a row's place on the X axis. There is none if the row lacks an axis.
func (l layout) place(row snapshot.Row) (x float64, ok bool) {
	first := row.Results[0]
	if l.by != "" {
		value, ok := snapshot.Axis(first, l.by)
		if l.byIsX || !ok {
			return float64(slices.Index(l.values, value)), ok
		}
	} else {
		journal, _ := snapshot.Axis(first, "journal")
		exec, _ := snapshot.Axis(first, "exec")
		if journal == "" || exec == "" {
			return 0, false
		}
	}
	word, _ := snapshot.Axis(first, "writers")
	writers, err := strconv.Atoi(word)
	return float64(writers), err == nil && writers >= 1
}

// xAxis returns the X axis.
func (l layout) xAxis() chart.Axis {
	if l.byIsX {
		return chart.Axis{Title: l.by, Categories: l.values}
	}
	return chart.Axis{Title: "writers at once", Log: true, Values: true}
}

// panelTitle returns the settings of a row that its panel has in common.
func (l layout) panelTitle(row snapshot.Row) string {
	if l.by == "" {
		return strings.Join(snapshot.ExtraAxes(row.Results[0]), " ")
	}
	var words []string
	for _, word := range snapshot.NameParts(row.Results[0]) {
		if axis, _, _ := strings.Cut(word, "="); slices.Contains(l.panelAxes, axis) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// execMarks give each kind of writer its mark.
var execMarks = map[string]chart.Mark{
	scenario.Process: chart.Circle, scenario.Goroutine: chart.Triangle,
}

// line returns the line of a row, without its points.
func (l layout) line(row snapshot.Row) chart.Line {
	first := row.Results[0]
	if l.by != "" && !l.byIsX {
		value, _ := snapshot.Axis(first, l.by)
		i := slices.Index(l.values, value)
		return chart.Line{Name: l.by + "=" + value, Color: l.color(value), Mark: chart.Mark(i)}
	}
	journal, _ := snapshot.Axis(first, "journal")
	exec, _ := snapshot.Axis(first, "exec")
	var names []string
	for _, axis := range []string{"journal", "exec"} {
		if value, ok := snapshot.Axis(first, axis); ok && axis != l.by {
			names = append(names, value)
		}
	}
	color := colorNumber(journal)
	if l.by == "journal" {
		color = 0
	}
	mark := execMarks[exec]
	if l.byIsX { // no lines between the marks help to tell them apart
		mark += chart.Mark(len(execMarks) * color)
	}
	return chart.Line{Name: strings.Join(names, ", "), Color: color, Mark: mark}
}

// color returns the colour of a value of by.
func (l layout) color(value string) int {
	if l.by == "journal" {
		return colorNumber(value)
	}
	return slices.Index(l.values, value)
}

// ceiling returns the line of a ceiling, without its level. With a line for each value of by, a
// panel has one journal mode.
func (l layout) ceiling(row snapshot.Row) chart.Line {
	const name = "ceiling: a lone writer"
	journal, _ := snapshot.Axis(row.Results[0], "journal")
	line := chart.Line{Name: journal + " " + name, Color: colorNumber(journal)}
	value, varies := snapshot.Axis(row.Results[0], l.by)
	varies = varies && l.by != "exec" // a ceiling is for all kinds of writers
	switch {
	case l.by == "" || l.by == "journal":
	case l.byIsX && varies:
		line.Name = l.by + "=" + value + ", " + line.Name
	case l.byIsX:
	case varies:
		line.Name, line.Color = l.by+"="+value+" "+name, l.color(value)
	default:
		line.Name, line.Color = name, chart.Neutral
	}
	return line
}
