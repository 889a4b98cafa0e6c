package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// builder gathers the lines of one figure of one benchmark: a panel for each combination of what else varies, and in it a
// line for each journal mode and kind of writer.
type builder struct {
	name            string
	figure          figure
	panels          []chart.Panel
	few, anyCeiling bool
}

// journals give each journal mode its colour, the same in every picture.
var journals = []string{"delete", "wal", "truncate", "persist", "memory", "off"}

// marks give each kind of writer its mark.
var marks = map[string]chart.Mark{"process": chart.Circle, "goroutine": chart.Triangle}

// addAll adds what a snapshot has: its points, and then the ceilings of the journal modes that have any.
func (b *builder) addAll(s *source, before bool) {
	for _, row := range s.rows {
		if row.Benchmark() == b.name {
			b.addPoint(s, row, before)
		}
	}
	if b.figure.ceilings {
		for i := range b.panels {
			b.addCeilings(&b.panels[i], s, before)
		}
	}
}

// addPoint adds the point of a row to its line. A row that lacks an axis or the figure's unit has none.
func (b *builder) addPoint(s *source, row snapshot.Row, before bool) {
	first := row.Results[0]
	exec, _ := snapshot.Axis(first, "exec")
	journal, _ := snapshot.Axis(first, "journal")
	word, _ := snapshot.Axis(first, "writers")
	writers, err := strconv.Atoi(word)
	samples := row.Samples(b.figure.unit)
	if err != nil || writers < 1 || len(samples) == 0 || journal == "" || exec == "" {
		return
	}
	sum := snapshot.Summary(samples)
	point := chart.Point{X: float64(writers), Y: sum.Center, Low: sum.Lo, High: sum.Hi}
	if math.IsInf(sum.Lo, 0) || math.IsInf(sum.Hi, 0) {
		point.Low, point.High = point.Y, point.Y
		b.few = true
	}
	l := b.line(b.panel(row), chart.Line{
		Name: nameOf(journal+", "+exec, s, before), Hue: hueOf(journal), Mark: marks[exec], Before: before,
	})
	l.Points = append(l.Points, point)
	slices.SortFunc(l.Points, func(p, q chart.Point) int { return int(p.X - q.X) })
}

// addCeilings adds the lone writers of a snapshot whose settings are those of a panel.
func (b *builder) addCeilings(p *chart.Panel, s *source, before bool) {
	for _, row := range s.ceilings {
		first := row.Results[0]
		journal, ok := snapshot.Axis(first, "journal")
		hue := hueOf(journal)
		drawn := slices.ContainsFunc(p.Lines, func(l chart.Line) bool { return l.Points != nil && l.Hue == hue })
		fits := !slices.ContainsFunc(snapshot.ExtraAxes(first), func(word string) bool {
			return !slices.Contains(strings.Fields(p.Title), word)
		})
		if samples := row.Samples(b.figure.unit); ok && drawn && fits && len(samples) > 0 {
			p.Lines = append(p.Lines, chart.Line{
				Name: nameOf(journal+" ceiling: a lone writer", s, before), Hue: hue, Before: before, Level: snapshot.Summary(samples).Center,
			})
			b.anyCeiling = true
		}
	}
}

// panel finds or makes the panel that a row belongs to.
func (b *builder) panel(row snapshot.Row) *chart.Panel {
	title := strings.Join(snapshot.ExtraAxes(row.Results[0]), " ")
	i := slices.IndexFunc(b.panels, func(p chart.Panel) bool { return p.Title == title })
	if i < 0 {
		i = len(b.panels)
		b.panels = append(b.panels, chart.Panel{Title: title})
	}
	return &b.panels[i]
}

// line finds the line of a name in a panel, or adds it.
func (b *builder) line(p *chart.Panel, l chart.Line) *chart.Line {
	i := slices.IndexFunc(p.Lines, func(other chart.Line) bool { return other.Name == l.Name })
	if i < 0 {
		i = len(p.Lines)
		p.Lines = append(p.Lines, l)
	}
	return &p.Lines[i]
}

// nameOf names a line, with its snapshot where that is the one from before.
func nameOf(name string, s *source, before bool) string {
	if before {
		return snapshot.Label(s.Path) + ": " + name
	}
	return name
}

func hueOf(journal string) int { return max(0, slices.Index(journals, journal)) }
