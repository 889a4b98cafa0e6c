package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// unitChart is the history of a unit.
type unitChart struct {
	history
	unit   string
	series []*series
}

func (h history) chart(unit string) unitChart { return unitChart{h, unit, h.collect(unit)} }

// maxPanels is the max number of panels of a picture.
const maxPanels = 24

// draw draws the picture: a panel for each benchmark and its settings, in which each journal mode
// and kind of writer has a line.
func (c unitChart) draw(path string) (snapshot.File, error) {
	label := snapshot.Label(c.path)
	picture := chart.Curves{
		Title:    label + ": " + c.unit + " by revision",
		Subtitle: fmt.Sprintf("%d versions; medians with 95\u00a0%% intervals", len(c.versions)),
		X:        chart.Axis{Title: "revision", Ordered: true},
		Y: chart.Axis{
			Title: snapshot.Heading(c.unit), Log: true, Time: snapshot.IsTime(c.unit),
		},
		Panels: c.panels(),
		Notes:  c.describeChanges(),
	}
	for _, v := range c.versions {
		picture.X.Categories = append(picture.X.Categories, v.revision)
	}
	if n := len(picture.Panels); n > maxPanels {
		return snapshot.File{}, fmt.Errorf("%s has %d panels; choose at most %d with BENCH, "+
			"such as BENCH=%s", path, n, maxPanels, c.series[0].points[0].row.Benchmark())
	}
	var svg strings.Builder
	if err := picture.Draw(&svg); err != nil {
		return snapshot.File{}, fmt.Errorf("%s: %w", path, err)
	}
	return snapshot.File{Path: path, Text: svg.String()}, nil
}

// panels returns the lines by panel. Of a row that was measured on several machines, each has a
// line of its own.
func (c unitChart) panels() (panels []chart.Panel) {
	lines := map[string]int{} // of a panel and a name
	for _, s := range c.series {
		title, name := splitName(s.name)
		i := slices.IndexFunc(panels, func(p chart.Panel) bool { return p.Title == title })
		if i < 0 {
			i = len(panels)
			panels = append(panels, chart.Panel{Title: title})
		}
		lines[title+"\n"+name]++
		n, color := lines[title+"\n"+name], chooseColor(name, c.series)
		if n > 1 {
			name += fmt.Sprintf(" (machine or settings %d)", n)
		}
		panels[i].Lines = append(panels[i].Lines, chart.Line{
			Name: name, Color: color, Mark: chart.Mark(color + n - 1),
			Points: s.chartPoints(c.unit),
		})
	}
	return panels
}

// splitName splits the name of a row into the title of its panel and the name of its line: the
// values of exec and journal, or if it has neither, the benchmark.
func splitName(name string) (title, line string) {
	var titles, values []string
	for _, word := range strings.Fields(name) {
		axis, value, _ := strings.Cut(word, "=")
		if axis == "exec" || axis == "journal" {
			values = append(values, value)
		} else {
			titles = append(titles, word)
		}
	}
	if values == nil {
		return strings.Join(titles, " "), titles[0]
	}
	return strings.Join(titles, " "), strings.Join(values, ", ")
}

// chooseColor returns the number of a line's colour: the same for all lines of a name.
func chooseColor(name string, all []*series) int {
	var names []string
	for _, s := range all {
		if _, line := splitName(s.name); !slices.Contains(names, line) {
			names = append(names, line)
		}
	}
	return slices.Index(names, name)
}

func (s *series) chartPoints(unit string) (points []chart.Point) {
	for _, p := range s.points {
		sum := snapshot.Summary(p.row.Samples(unit))
		point := chart.Point{X: float64(p.version), Y: sum.Center, Low: sum.Lo, High: sum.Hi}
		if math.IsInf(sum.Lo, 0) || math.IsInf(sum.Hi, 0) {
			point.Low, point.High = sum.Center, sum.Center
		}
		point.Hollow = snapshot.DependsOnRefusals(unit) && p.row.Refuses()
		points = append(points, point)
	}
	return points
}

// maxNotes limits the changes that are listed below the picture.
const maxNotes = 8

// describeChanges returns a sentence for each change.
func (c unitChart) describeChanges() (sentences []string) {
	for _, s := range c.series {
		for _, p := range s.points {
			if p.change.isReal() {
				sentences = append(sentences, fmt.Sprintf("%s: %s at %s.", s.name,
					p.change, c.versions[p.version].revision))
			}
		}
	}
	if more := len(sentences) - maxNotes; more > 0 {
		sentences = append(sentences[:maxNotes], fmt.Sprintf("And %d more changes.", more))
	}
	return sentences
}
