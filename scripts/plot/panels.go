package main

import (
	"math"
	"slices"

	"busybench/bench/scenario"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// panelBuilder builds the panels of one figure of one benchmark.
type panelBuilder struct {
	benchmark       string
	figure          figure
	layout          layout
	panels          []chart.Panel
	rows            [][]snapshot.Row // the rows of each panel
	hasBarePoints   bool             // points without an interval
	hasHollowPoints bool
	hasMaxPoints    bool // quantiles that are maxima
	hasCeilings     bool
}

// journals give each journal mode its colour, the same in every picture.
var journals = []string{scenario.Delete, scenario.WAL, scenario.Truncate, scenario.Persist,
	scenario.Memory, scenario.Off}

func colorNumber(journal string) int { return max(0, slices.Index(journals, journal)) }

// addSource adds the points of a snapshot, and then the ceilings of the journal modes that are
// drawn.
func (b *panelBuilder) addSource(s *source) {
	for _, row := range s.rows {
		if row.Benchmark() == b.benchmark {
			b.addPoint(s, row)
		}
	}
	if b.figure.ceilings {
		for i := range b.panels {
			b.addCeilings(i, s)
		}
	}
}

// addPoint adds the point of a row to its line, unless the row lacks an axis or the figure's unit.
func (b *panelBuilder) addPoint(s *source, row snapshot.Row) {
	x, ok := b.layout.place(row)
	samples := row.Samples(b.figure.unit)
	if !ok || len(samples) == 0 {
		return
	}
	sum := snapshot.Summary(samples)
	point := chart.Point{X: x, Y: sum.Center, Low: sum.Lo, High: sum.Hi}
	if math.IsInf(sum.Lo, 0) || math.IsInf(sum.Hi, 0) {
		point.Low, point.High = point.Y, point.Y
		b.hasBarePoints = true
	}
	if b.figure.misleads && row.Refuses() {
		point.Hollow = true
		b.hasHollowPoints = true
	}
	b.hasMaxPoints = b.hasMaxPoints || row.IsMax(b.figure.unit)
	i := b.panel(b.layout.panelTitle(row))
	b.rows[i] = append(b.rows[i], row)
	l := line(&b.panels[i], s.named(b.layout.line(row)))
	l.Points = append(l.Points, point)
	slices.SortFunc(l.Points, func(p, q chart.Point) int { return int(p.X - q.X) })
}

// addCeilings adds the ceilings that were measured under the settings of a row of a panel.
func (b *panelBuilder) addCeilings(panel int, s *source) {
	for _, row := range s.ceilings {
		samples := row.Samples(b.figure.unit)
		fits := slices.ContainsFunc(b.rows[panel], func(drawn snapshot.Row) bool {
			return isCeiling(row, drawn)
		})
		if fits && len(samples) > 0 {
			l := s.named(b.layout.ceiling(row))
			l.Level = snapshot.Median(samples)
			p := &b.panels[panel]
			p.Lines = append(p.Lines, l)
			b.hasCeilings = true
		}
	}
}

// isCeiling reports whether the ceiling has the row's journal mode, and those of its settings that
// do not always stand in a name.
func isCeiling(ceiling, row snapshot.Row) bool {
	first := ceiling.Results[0]
	journal, ok := snapshot.Axis(first, "journal")
	if !ok {
		return false // it is one of the disk
	}
	words := snapshot.NameParts(row.Results[0])
	missing := func(word string) bool { return !slices.Contains(words, word) }
	return !missing("journal="+journal) &&
		!slices.ContainsFunc(snapshot.ExtraAxes(first), missing)
}

// panel returns the number of the panel with a title, which it adds if there is none yet.
func (b *panelBuilder) panel(title string) int {
	i := slices.IndexFunc(b.panels, func(p chart.Panel) bool { return p.Title == title })
	if i < 0 {
		i = len(b.panels)
		b.panels = append(b.panels, chart.Panel{Title: title})
		b.rows = append(b.rows, nil)
	}
	return i
}

// line returns the line of a panel that has l's name, which is l itself if there is none yet.
func line(p *chart.Panel, l chart.Line) *chart.Line {
	i := slices.IndexFunc(p.Lines, func(other chart.Line) bool { return other.Name == l.Name })
	if i < 0 {
		i = len(p.Lines)
		p.Lines = append(p.Lines, l)
	}
	return &p.Lines[i]
}

// named returns the line with the snapshot in its name if that is the baseline.
func (s *source) named(l chart.Line) chart.Line {
	if s.baseline {
		l.Name = snapshot.Label(s.Path) + ": " + l.Name
		l.Baseline = true
	}
	return l
}

// notes says what the picture does not show, or shows in a special way.
func (b *panelBuilder) notes() (notes []string) {
	if b.hasHollowPoints {
		notes = append(notes, hollowNote)
	}
	if b.hasMaxPoints {
		notes = append(notes, maxNote)
	}
	if b.hasBarePoints {
		notes = append(notes, bareNote)
	}
	if b.figure.ceilings && !b.hasCeilings {
		notes = append(notes, "No ceiling is drawn: the snapshot has none (BenchmarkCeiling).")
	}
	return notes
}
