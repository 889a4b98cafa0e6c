package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/scenario"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// panelBuilder builds the panels of one figure of one benchmark: a panel for each combination of
// the axes that do not always stand in a name, with a line for each journal mode and kind of
// writer.
type panelBuilder struct {
	benchmark     string
	figure        figure
	panels        []chart.Panel
	hasBarePoints bool // points without an interval
	hasCeilings   bool
}

// journals give each journal mode its colour, the same in every picture.
var journals = []string{scenario.Delete, scenario.WAL, scenario.Truncate, scenario.Persist,
	scenario.Memory, scenario.Off}

// marks give each kind of writer its mark.
var marks = map[string]chart.Mark{
	scenario.Process: chart.Circle, scenario.Goroutine: chart.Triangle,
}

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
			b.addCeilings(&b.panels[i], s)
		}
	}
}

// addPoint adds the point of a row to its line, unless the row lacks an axis or the figure's unit.
func (b *panelBuilder) addPoint(s *source, row snapshot.Row) {
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
		b.hasBarePoints = true
	}
	l := line(b.panel(row), chart.Line{
		Name:     s.lineName(journal + ", " + exec),
		Color:    colorNumber(journal),
		Mark:     marks[exec],
		Baseline: s.baseline,
	})
	l.Points = append(l.Points, point)
	slices.SortFunc(l.Points, func(p, q chart.Point) int { return int(p.X - q.X) })
}

// addCeilings adds the ceilings of a snapshot that were measured under the settings of a panel.
func (b *panelBuilder) addCeilings(p *chart.Panel, s *source) {
	for _, row := range s.ceilings {
		first := row.Results[0]
		journal, ok := snapshot.Axis(first, "journal")
		color := colorNumber(journal)
		drawn := slices.ContainsFunc(p.Lines, func(l chart.Line) bool {
			return l.Points != nil && l.Color == color
		})
		fits := !slices.ContainsFunc(snapshot.ExtraAxes(first), func(word string) bool {
			return !slices.Contains(strings.Fields(p.Title), word)
		})
		if samples := row.Samples(b.figure.unit); ok && drawn && fits && len(samples) > 0 {
			p.Lines = append(p.Lines, chart.Line{
				Name:     s.lineName(journal + " ceiling: a lone writer"),
				Color:    color,
				Baseline: s.baseline,
				Level:    snapshot.Summary(samples).Center,
			})
			b.hasCeilings = true
		}
	}
}

// panel returns the panel of a row, which it adds if there is none yet.
func (b *panelBuilder) panel(row snapshot.Row) *chart.Panel {
	title := strings.Join(snapshot.ExtraAxes(row.Results[0]), " ")
	i := slices.IndexFunc(b.panels, func(p chart.Panel) bool { return p.Title == title })
	if i < 0 {
		i = len(b.panels)
		b.panels = append(b.panels, chart.Panel{Title: title})
	}
	return &b.panels[i]
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

// lineName names a line, with the snapshot if that is the baseline.
func (s *source) lineName(name string) string {
	if s.baseline {
		return snapshot.Label(s.Path) + ": " + name
	}
	return name
}

func colorNumber(journal string) int { return max(0, slices.Index(journals, journal)) }
