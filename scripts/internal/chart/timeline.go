package chart

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/timeline"
)

// mostRows is how many writers are drawn. Of more, so many are chosen that lie evenly in the order of their answers.
const mostRows = 60

// mostShapes keeps a picture below some megabytes.
const mostShapes = 30_000

// shapes counts what there is to draw.
func shapes(t timeline.Timeline, shown []row) int {
	n := len(t.Lock)
	for _, w := range shown {
		n += len(w.Spans) + len(w.Ends)
	}
	return n
}

// kinds are what is drawn of a writer's time, and how, those first that others are drawn over. In the lock's row the held
// stretches stand alone, so that idle ones are gaps.
var kinds = []struct {
	kind string
	tone tone
	high vg.Length // share of the row
}{
	{timeline.Opening, other, 0.7},
	{timeline.Closing, other, 0.7},
	{timeline.Waiting, waiting, 0.4},
	{timeline.FailedHold, yellow, 0.7},
	{timeline.Holding, blue, 0.9},
}

// ends are the signs of what came of an attempt.
var ends = []struct {
	kind  string
	glyph draw.GlyphStyle
}{
	{timeline.Acknowledged, draw.GlyphStyle{Color: green.color(), Shape: tick{}}},
	{timeline.LockError, draw.GlyphStyle{Color: red.color(), Shape: draw.CrossGlyph{}}},
}

// tick is a bar in the lower half of a row, where it does not cover what was held until then.
type tick struct{}

// DrawGlyph implements gonum's interface of that name.
func (tick) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	c.StrokeLine2(draw.LineStyle{Color: style.Color, Width: 1.8}, at.X, at.Y-style.Radius, at.X, at.Y)
}

// DrawTimeline draws a round as SVG: a row for each writer, and one for the write lock.
func DrawTimeline(out io.Writer, t timeline.Timeline) error {
	if len(t.Writers) == 0 || t.Length <= 0 {
		return fmt.Errorf("the round of %s has no writers, or no length", t.Name)
	}
	shown := thinned(t.Writers)
	if n := shapes(t, shown); n > mostShapes {
		return fmt.Errorf("the round of %s has %d spans and answers to draw, more than a browser shows well (%d); make it shorter", t.Name, n, mostShapes)
	}
	rows, summary, notes := newRows(shown), summaryOf(t), notesOf(t, shown)
	return sheet{
		title: strings.ReplaceAll(t.Name, "/", " "), subtitle: summary, keys: timelineKeys(t), notes: notes,
		description: strings.Join(append([]string{summary}, notes...), "\n"),
		height:      gap + rows.height(),
		body: func(p *picture) error {
			p.take(gap)
			rows.draw(p.take(rows.height()), t)
			return nil
		},
	}.draw(out)
}

// summaryOf is a round in figures.
func summaryOf(t timeline.Timeline) string {
	acknowledged, gaveUp := 0, 0
	for _, w := range t.Writers {
		for _, e := range w.Ends {
			if e.Kind == timeline.Acknowledged {
				acknowledged++
			} else {
				gaveUp++
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
	return fmt.Sprintf("One round of %s. %d attempts acknowledged, %d gave up. The write lock was held for %.0f\u00a0%% of the time, and idle though somebody waited for %.0f\u00a0%%.",
		inTime(t.Length), acknowledged, gaveUp, share(held), share(idle))
}

// inTime writes ns as time, to three digits.
func inTime(ns int64) string { return Axis{Time: true}.format(float64(ns) / float64(time.Second)) }

// row is a writer with its number.
type row struct {
	number int
	timeline.Writer
}

// thinned gives the writers that are drawn, in the order of their first answers.
func thinned(writers []timeline.Writer) (rows []row) {
	for number, w := range writers {
		rows = append(rows, row{number, w})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return int(a.answered() - b.answered()) })
	n := len(rows)
	if n <= mostRows {
		return rows
	}
	chosen := make([]row, mostRows)
	for i := range chosen {
		chosen[i] = rows[i*(n-1)/(mostRows-1)]
	}
	return chosen
}

// answered is when a writer's first attempt ended, and the end of all time where it made none.
func (r row) answered() int64 {
	if len(r.Ends) == 0 {
		return 1 << 62
	}
	return r.Ends[0].At
}

// notesOf says what the picture does not show as it was.
func notesOf(t timeline.Timeline, shown []row) (notes []string) {
	if n := len(t.Writers); len(shown) < n {
		notes = append(notes, fmt.Sprintf("Thinned: %d of the %d writers are drawn, evenly chosen in the order of their first answers. The row of the lock and the figures are of all.", len(shown), n))
	}
	return append(notes, fmt.Sprintf("In a writer's row a hold is drawn at least %s wide, so that it can be seen; in the row of the lock all is to scale.", inTime(leastHold(t))))
}

// timelineKeys explain what occurs in a round.
func timelineKeys(t timeline.Timeline) (keys []key) {
	for _, k := range slices.Backward(kinds) {
		if !occurs(t, k.kind) || k.kind == timeline.Closing {
			continue
		}
		text := k.kind
		if k.kind == timeline.Opening {
			text = "connecting, closing"
		}
		keys = append(keys, key{text, func(c draw.Canvas) {
			row := vg.Rectangle{Min: vg.Point{Y: c.Center().Y - rowKey/2}, Max: vg.Point{Y: c.Center().Y + rowKey/2}}
			fill(c, k.tone, row, k.high, c.Min.X, c.Max.X)
		}})
	}
	for _, e := range ends {
		if occurs(t, e.kind) {
			keys = append(keys, key{e.kind, func(c draw.Canvas) {
				glyph := e.glyph
				glyph.Radius = 5
				c.DrawGlyph(glyph, c.Center())
			}})
		}
	}
	return keys
}

// rowKey is the height of a row in the legend.
const rowKey = vg.Length(14)

// occurs reports whether some writer's time, or an attempt's end, is of a kind.
func occurs(t timeline.Timeline, kind string) bool {
	return slices.ContainsFunc(t.Writers, func(w timeline.Writer) bool {
		return slices.ContainsFunc(w.Spans, func(s timeline.Span) bool { return s.Kind == kind }) ||
			slices.ContainsFunc(w.Ends, func(e timeline.End) bool { return e.Kind == kind })
	})
}
