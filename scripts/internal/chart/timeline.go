package chart

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/format"
	"busybench/bench/timeline"
)

// maxRows is the number of writers that are drawn. If there are more, they are a sample, evenly
// spaced in the order of their answers.
const maxRows = 60

// maxShapes keeps a picture below a few megabytes.
const maxShapes = 30_000

// ErrTooMany is the error of a round that has more spans and answers than maxShapes.
var ErrTooMany = errors.New("more than a browser shows well")

// countShapes returns the number of shapes to draw.
func countShapes(t timeline.Timeline, shown []writerRow) int {
	n := len(t.Lock)
	for _, w := range shown {
		n += len(w.Spans) + len(w.Ends) + len(w.statements)
	}
	return n
}

// spanStyles say how the spans of a writer's time are drawn, in the order of drawing: later ones
// cover earlier ones. The lock's row has only the spans in which it was held, so that idle ones are
// gaps.
var spanStyles = []struct {
	kind   string
	color  themeColor
	height vg.Length // as a share of the row
}{
	{timeline.Opening, other, 0.7},
	{timeline.Closing, other, 0.7},
	{timeline.Waiting, waiting, 0.4},
	{timeline.FailedHold, yellow, 0.7},
	{timeline.Holding, blue, 0.9},
}

// endStyles are the marks at the end of an attempt.
var endStyles = []struct {
	kind  string
	glyph draw.GlyphStyle
}{
	{timeline.Acknowledged, draw.GlyphStyle{Color: green.color(), Shape: barGlyph{}}},
	{timeline.LockError, draw.GlyphStyle{Color: red.color(), Shape: draw.CrossGlyph{}}},
}

// barGlyph is a bar in the lower half of a row, where it does not cover the span that ends there.
type barGlyph struct{}

// DrawGlyph implements [draw.GlyphDrawer].
func (barGlyph) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	line := draw.LineStyle{Color: style.Color, Width: 1.8}
	c.StrokeLine2(line, at.X, at.Y-style.Radius, at.X, at.Y)
}

// DrawTimeline draws a round as SVG: a row for each writer, and one for the write lock.
func DrawTimeline(out io.Writer, t timeline.Timeline) error {
	if len(t.Writers) == 0 || t.Length <= 0 {
		return fmt.Errorf("the round of %s has no writers, or no length", t.Name)
	}
	shown, others := withStatements(downsample(t.Writers), t.Tracks)
	if n := countShapes(t, shown); n > maxShapes {
		return fmt.Errorf("the round of %s has %d spans and answers to draw, %w (%d); "+
			"make it shorter", t.Name, n, ErrTooMany, maxShapes)
	}
	rows, summary := newRows(shown, others), Summarize(t)
	notes := timelineNotes(t, rows)
	return frame{
		title:       strings.ReplaceAll(t.Name, "/", " "),
		subtitle:    summary,
		entries:     append(timelineEntries(t), rows.statementEntries()...),
		notes:       notes,
		description: strings.Join(append([]string{summary}, notes...), "\n"),
		height:      gap + rows.height(),
		body: func(p *page) error {
			p.take(gap)
			rows.draw(p.take(rows.height()), t)
			return nil
		},
	}.draw(out)
}

// Summarize returns the figures of a round in words.
func Summarize(t timeline.Timeline) string {
	acknowledged, lockErrors := 0, 0
	for _, w := range t.Writers {
		for _, e := range w.Ends {
			if e.Kind == timeline.Acknowledged {
				acknowledged++
			} else {
				lockErrors++
			}
		}
	}
	var held, idle int64
	for _, s := range t.Lock {
		if s.Kind == timeline.Held {
			held += s.To - s.From
		} else {
			idle += s.To - s.From
		}
	}
	share := func(part int64) float64 { return 100 * float64(part) / float64(t.Length) }
	return fmt.Sprintf("One round of %s. %s acknowledged, %s ended in a lock error. "+
		"The write lock was held for %.0f\u00a0%% of the time, "+
		"and idle while writers waited for %.0f\u00a0%%.",
		formatDuration(t.Length), format.Count(acknowledged, "attempt"),
		format.Number(float64(lockErrors)), share(held), share(idle))
}

// formatDuration writes nanoseconds to three digits.
func formatDuration(ns int64) string {
	return Axis{Time: true}.format(float64(ns) / float64(time.Second))
}

// writerRow is a writer with its number.
type writerRow struct {
	number int
	timeline.Writer
	statements []timeline.Span // of an SQL file
}

// downsample returns the writers that are drawn, in the order of their first answers.
func downsample(writers []timeline.Writer) (rows []writerRow) {
	for number, w := range writers {
		rows = append(rows, writerRow{number: number, Writer: w})
	}
	slices.SortStableFunc(rows, func(a, b writerRow) int {
		return cmp.Compare(a.firstAnswer(), b.firstAnswer())
	})
	n := len(rows)
	if n <= maxRows {
		return rows
	}
	chosen := make([]writerRow, maxRows)
	for i := range chosen {
		chosen[i] = rows[i*(n-1)/(maxRows-1)]
	}
	return chosen
}

// firstAnswer returns the end of a writer's first attempt. If it made none, that is later than any.
func (r writerRow) firstAnswer() int64 {
	if len(r.Ends) == 0 {
		return 1 << 62
	}
	return r.Ends[0].At
}

// timelineNotes says what the picture does not show to scale or in full.
func timelineNotes(t timeline.Timeline, rows timelineRows) (notes []string) {
	if shown, n := len(rows.writers), len(t.Writers); shown < n {
		notes = append(notes, fmt.Sprintf("%d of the %d writers are drawn, "+
			"evenly spaced in the order of their first answers. "+
			"The row of the lock and the figures are of all writers.", shown, n))
	}
	minHold := formatDuration(rows.minHold(t))
	return append(notes, fmt.Sprintf("In a writer's row a hold is drawn at least %s wide, "+
		"so that it can be seen; the row of the lock is to scale.", minHold))
}

// timelineEntries returns the legend of what occurs in a round.
func timelineEntries(t timeline.Timeline) (entries []legendEntry) {
	for _, style := range slices.Backward(spanStyles) {
		if !occurs(t, style.kind) || style.kind == timeline.Closing {
			continue
		}
		text := style.kind
		if style.kind == timeline.Opening {
			text = "connecting, closing"
		}
		entries = append(entries, legendEntry{text, func(c draw.Canvas) {
			middle := c.Center().Y
			row := vg.Rectangle{
				Min: vg.Point{Y: middle - swatchHeight/2},
				Max: vg.Point{Y: middle + swatchHeight/2},
			}
			fill(c, style.color, row, style.height, c.Min.X, c.Max.X)
		}})
	}
	for _, style := range endStyles {
		if occurs(t, style.kind) {
			entries = append(entries, legendEntry{style.kind, func(c draw.Canvas) {
				glyph := style.glyph
				glyph.Radius = 5
				c.DrawGlyph(glyph, c.Center())
			}})
		}
	}
	return entries
}

// swatchHeight is the height of a row in the legend.
const swatchHeight = vg.Length(14)

// occurs reports whether any writer has a span or an end of a kind.
func occurs(t timeline.Timeline, kind string) bool {
	return slices.ContainsFunc(t.Writers, func(w timeline.Writer) bool {
		return slices.ContainsFunc(w.Spans, func(s timeline.Span) bool { return s.Kind == kind }) ||
			slices.ContainsFunc(w.Ends, func(e timeline.End) bool { return e.Kind == kind })
	})
}
