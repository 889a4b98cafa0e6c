package chart

import (
	"cmp"
	"regexp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/timeline"
	"busybench/bench/workload"
)

// statementColors are the colours of statements of an SQL file, in its order, and again.
var statementColors = []themeColor{purple, yellow, green, red, gray}

// statementHeight is that of a statement's band at the middle of a row, as a share of the row.
const statementHeight = 0.3

// withStatements gives the writers the spans of their statements, and returns the other tracks.
func withStatements(
	rows []writerRow, tracks []timeline.Track,
) (with []writerRow, others []timeline.Track) {
	of := map[string][]timeline.Span{}
	for _, t := range tracks {
		of[t.Name] = t.Spans
	}
	for i := range rows {
		rows[i].statements = of[timeline.StatementTrack(rows[i].number)]
	}
	return rows, withoutStatements(tracks)
}

// withoutStatements returns the tracks that are not those of statements.
func withoutStatements(tracks []timeline.Track) (others []timeline.Track) {
	for _, t := range tracks {
		if !statementTrack.MatchString(t.Name) {
			others = append(others, t)
		}
	}
	return others
}

// statementTrack matches the names of the tracks of statements.
var statementTrack = regexp.MustCompile(`^statements of writer \d+$`)

// statementKinds returns the statements that the writers ran, in the order of their file.
func statementKinds(rows []writerRow) (kinds []string) {
	for _, row := range rows {
		for _, s := range row.statements {
			if !slices.Contains(kinds, s.Kind) {
				kinds = append(kinds, s.Kind)
			}
		}
	}
	slices.SortFunc(kinds, func(a, b string) int {
		x, y := workload.ParsePlace(a), workload.ParsePlace(b)
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(a, b))
	})
	return kinds
}

// statementColor returns the colour of a statement, by its number.
func statementColor(number int) themeColor { return statementColors[number%len(statementColors)] }

// drawStatements draws the statements of a writer over its other spans. Each is at least one unit
// of the picture wide.
func (r timelineRows) drawStatements(
	c draw.Canvas, area vg.Rectangle, w writerRow, scale func(int64) vg.Length,
) {
	for _, s := range w.statements {
		from := scale(s.From)
		fill(c, statementColor(slices.Index(r.statements, s.Kind)), area, statementHeight, from,
			max(scale(s.To), from+1))
	}
}

// statementEntries returns the legend of the statements.
func (r timelineRows) statementEntries() (entries []legendEntry) {
	for i, kind := range r.statements {
		entries = append(entries, legendEntry{kind, func(c draw.Canvas) {
			middle := c.Center().Y
			row := vg.Rectangle{
				Min: vg.Point{Y: middle - swatchHeight/2},
				Max: vg.Point{Y: middle + swatchHeight/2},
			}
			fill(c, statementColor(i), row, statementHeight, c.Min.X, c.Max.X)
		}})
	}
	return entries
}
