package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/timeline"
)

// timelineRows are the rows of a timeline: those of the writers, and below them those of other
// participants and that of the lock.
type timelineRows struct {
	writers    []writerRow
	others     []timeline.Track
	each       vg.Length // height of a writer's row
	labelWidth vg.Length // of the rows' names, with the space to the right of them
	statements []string  // of an SQL file, in its order
}

const (
	maxRowHeight      = vg.Length(22)
	minRowHeight      = vg.Length(6)
	maxRowsHeight     = vg.Length(330) // of all rows, if they are not at minRowHeight
	lockRowHeight     = vg.Length(24)
	axisHeight        = vg.Length(24) // the ticks and their labels
	minLabelledHeight = vg.Length(12) // of a row that has a label
)

func newRows(writers []writerRow, tracks []timeline.Track) timelineRows {
	share := maxRowsHeight / vg.Length(len(writers))
	style := textStyle(small, ink)
	labelWidth := style.Width(lockLabel)
	for _, w := range writers {
		labelWidth = max(labelWidth, style.Width(w.label()))
	}
	var others []timeline.Track
	for _, t := range tracks {
		if t.Spans != nil {
			others = append(others, t)
			labelWidth = max(labelWidth, style.Width(t.Name))
		}
	}
	each := min(maxRowHeight, max(minRowHeight, share))
	return timelineRows{writers, others, each, labelWidth + gap, statementKinds(writers)}
}

const lockLabel = "write lock"

func (w writerRow) label() string { return fmt.Sprintf("writer %d", w.number) }

func (r timelineRows) height() vg.Length {
	return r.each*vg.Length(len(r.writers)) + 2*gap + axisHeight +
		(lockRowHeight+gap)*vg.Length(len(r.others)) + lockRowHeight +
		lineHeight(textStyle(small, ink))
}

// draw draws the rows, with an axis of time below.
func (r timelineRows) draw(c draw.Canvas, t timeline.Timeline) {
	plot := c
	plot.Min.X += r.labelWidth
	plot.Min.Y += axisHeight + lineHeight(textStyle(small, ink))
	last, minHold := end(t), r.minHold(t)
	scale := func(at int64) vg.Length {
		return plot.Min.X + plot.Size().X*vg.Length(float64(min(at, last))/float64(last))
	}
	drawAxis(c, plot, last, afterRelease, scale)
	r.drawWriters(c, plot, scale, minHold)
	bottom := plot.Min.Y + gap
	framed := func(label string) vg.Rectangle {
		area := vg.Rectangle{
			Min: vg.Point{X: plot.Min.X, Y: bottom},
			Max: vg.Point{X: plot.Max.X, Y: bottom + lockRowHeight},
		}
		bottom += lockRowHeight + gap
		r.label(c, label, area)
		plot.StrokeLines(line(muted, 0.8), append(corners(area), area.Min))
		return area
	}
	area := framed(lockLabel)
	for _, s := range t.Lock {
		if s.Kind == timeline.Held {
			fill(plot, blue, area, 0.84, scale(s.From), scale(s.To))
		}
	}
	for _, t := range slices.Backward(r.others) {
		drawSpans(plot, framed(t.Name), t.Spans, scale)
	}
}

// drawWriters draws a row for each writer, from the top on.
func (r timelineRows) drawWriters(
	c, plot draw.Canvas, scale func(int64) vg.Length, minHold int64,
) {
	top := plot.Max.Y
	for _, w := range r.writers {
		area := vg.Rectangle{Min: vg.Point{Y: top - r.each}, Max: vg.Point{Y: top}}
		drawWriter(plot, area, w, scale, minHold)
		r.drawStatements(plot, area, w, scale)
		if r.each >= minLabelledHeight {
			r.label(c, w.label(), area)
		}
		top -= r.each
	}
	if r.each < minLabelledHeight {
		r.label(c, "writers", vg.Rectangle{Min: vg.Point{Y: top}, Max: vg.Point{Y: plot.Max.Y}})
	}
}

// end returns the last instant that is drawn: attempts may end after the measured time.
func end(t timeline.Timeline) int64 {
	last := t.Length
	for _, w := range t.Writers {
		for _, e := range w.Ends {
			last = max(last, e.At)
		}
	}
	return last
}

// minHold returns the shortest hold that is drawn to scale in a writer's row, which is two units of
// the picture. Shorter ones are drawn as long, so that they can be seen.
func (r timelineRows) minHold(t timeline.Timeline) int64 {
	return 2 * int64(float64(end(t))/(width-2*margin-r.labelWidth).Points())
}

// drawWriter draws the spans of a writer's time, and then the ends of its attempts.
func drawWriter(
	c draw.Canvas, area vg.Rectangle, w writerRow, scale func(int64) vg.Length, minHold int64,
) {
	for _, style := range spanStyles {
		for _, s := range w.Spans {
			if s.Kind != style.kind {
				continue
			}
			to := s.To
			if style.kind == timeline.Holding {
				to = max(to, s.From+minHold)
			}
			fill(c, style.color, area, style.height, scale(s.From), scale(to))
		}
	}
	for _, style := range endStyles {
		glyph := style.glyph
		glyph.Radius = area.Size().Y * 0.45
		for _, e := range w.Ends {
			if e.Kind == style.kind {
				c.DrawGlyphNoClip(glyph, vg.Point{X: scale(e.At), Y: area.Min.Y + area.Size().Y/2})
			}
		}
	}
}

// fill fills a stretch of a row. The height is a share of the row's.
func fill(c draw.Canvas, t themeColor, area vg.Rectangle, height, from, to vg.Length) {
	middle, half := area.Min.Y+area.Size().Y/2, area.Size().Y*height/2
	c.FillPolygon(t.color(), corners(vg.Rectangle{
		Min: vg.Point{X: from, Y: middle - half}, Max: vg.Point{X: to, Y: middle + half},
	}))
}

// label writes the name of a row to the left of it.
func (r timelineRows) label(c draw.Canvas, name string, area vg.Rectangle) {
	style := textStyle(small, ink)
	style.XAlign = text.XRight
	at := vg.Point{X: c.Min.X + r.labelWidth - gap, Y: area.Min.Y + area.Size().Y/2}
	writeCentered(c, style, at, name)
}

// afterRelease is the title of the axis of time of a round.
const afterRelease = "time after the release"

// drawAxis draws the axis of time below the rows, with fine lines through them.
func drawAxis(c, area draw.Canvas, last int64, title string, scale func(int64) vg.Length) {
	style := textStyle(small, ink)
	style.XAlign = text.XCenter
	drawTimeGrid(area, last, scale)
	for _, at := range timeTicks(last) {
		x := scale(at)
		area.StrokeLine2(line(muted, 1), x, area.Min.Y-5, x, area.Min.Y)
		name := formatDuration(at)
		half := style.Width(name) / 2
		c.FillText(style, vg.Point{X: min(x, area.Max.X-half), Y: area.Min.Y - 6}, name)
	}
	area.StrokeLine2(line(muted, 1), area.Min.X, area.Min.Y, area.Max.X, area.Min.Y)
	below := vg.Point{X: area.Center().X, Y: area.Min.Y - axisHeight}
	c.FillText(style, below, title)
}

// drawTimeGrid draws fine lines at the ticks of an axis of time.
func drawTimeGrid(area draw.Canvas, last int64, scale func(int64) vg.Length) {
	for _, at := range timeTicks(last) {
		x := scale(at)
		area.StrokeLine2(line(grid, 0.8), x, area.Min.Y, x, area.Max.Y)
	}
}

// timeTicks returns the instants of the ticks of an axis of time, in ns.
func timeTicks(last int64) (at []int64) {
	seconds := float64(last) / 1e9
	for _, tick := range (plot.DefaultTicks{}).Ticks(0, seconds) {
		if !tick.IsMinor() && tick.Value <= seconds {
			at = append(at, int64(tick.Value*1e9))
		}
	}
	return at
}
