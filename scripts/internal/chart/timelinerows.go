package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/timeline"
)

// rows are the rows of a timeline: the writers', from the top, and the lock's below them.
type rows struct {
	writers []row
	each    vg.Length // height of a writer's row
}

const (
	highestRow = vg.Length(22)
	lowestRow  = vg.Length(6)
	allRows    = vg.Length(330) // where there are many
	lockRow    = vg.Length(24)
	axisRow    = vg.Length(24) // the time's ticks and their labels
	labels     = vg.Length(74) // width of what the rows are called
	readable   = vg.Length(12) // the least height of a row that has a label
)

func newRows(writers []row) rows {
	return rows{writers, min(highestRow, max(lowestRow, allRows/vg.Length(len(writers))))}
}

func (r rows) height() vg.Length {
	return r.each*vg.Length(len(r.writers)) + 2*gap + lockRow + axisRow + heightOf(words(small, ink))
}

// draw draws the rows, with an axis of time below.
func (r rows) draw(c draw.Canvas, t timeline.Timeline) {
	frame := c
	frame.Min.X += labels
	frame.Min.Y += axisRow + heightOf(words(small, ink))
	last, least := end(t), leastHold(t)
	scale := func(at int64) vg.Length {
		return frame.Min.X + frame.Size().X*vg.Length(float64(min(at, last))/float64(last))
	}
	drawAxis(c, frame, last, scale)
	top := frame.Max.Y
	for _, w := range r.writers {
		area := vg.Rectangle{Min: vg.Point{Y: top - r.each}, Max: vg.Point{Y: top}}
		drawWriter(frame, area, w, scale, least)
		if r.each >= readable {
			label(c, fmt.Sprintf("writer %d", w.number), area)
		}
		top -= r.each
	}
	if r.each < readable {
		label(c, "writers", vg.Rectangle{Min: vg.Point{Y: top}, Max: vg.Point{Y: frame.Max.Y}})
	}
	area := vg.Rectangle{Min: vg.Point{X: frame.Min.X, Y: frame.Min.Y + gap}, Max: vg.Point{X: frame.Max.X, Y: frame.Min.Y + gap + lockRow}}
	label(c, "write lock", area)
	frame.StrokeLines(line(muted, 0.8), append(corners(area), area.Min))
	for _, s := range t.Lock {
		if s.Kind == timeline.Held {
			fill(frame, blue, area, 0.84, scale(s.From), scale(s.To))
		}
	}
}

// end is the last instant that is drawn: attempts may end after the measured time.
func end(t timeline.Timeline) int64 {
	last := t.Length
	for _, w := range t.Writers {
		for _, e := range w.Ends {
			last = max(last, e.At)
		}
	}
	return last
}

// leastHold is the least time for which a hold is drawn in a writer's row, so that it can be seen: two units of the picture.
func leastHold(t timeline.Timeline) int64 {
	return 2 * int64(float64(end(t))/(width-2*margin-labels).Points())
}

// drawWriter draws what a writer did, in order of importance, and what came of it.
func drawWriter(c draw.Canvas, area vg.Rectangle, w row, scale func(int64) vg.Length, leastHold int64) {
	for _, k := range kinds {
		for _, s := range w.Spans {
			if s.Kind != k.kind {
				continue
			}
			to := s.To
			if k.kind == timeline.Holding {
				to = max(to, s.From+leastHold)
			}
			fill(c, k.tone, area, k.high, scale(s.From), scale(to))
		}
	}
	for _, e := range ends {
		glyph := e.glyph
		glyph.Radius = area.Size().Y * 0.45
		for _, one := range w.Ends {
			if one.Kind == e.kind {
				c.DrawGlyphNoClip(glyph, vg.Point{X: scale(one.At), Y: area.Min.Y + area.Size().Y/2})
			}
		}
	}
}

// fill fills a stretch of a row, so high as a share of it.
func fill(c draw.Canvas, t tone, area vg.Rectangle, high, from, to vg.Length) {
	middle, half := area.Min.Y+area.Size().Y/2, area.Size().Y*high/2
	c.FillPolygon(t.color(), corners(vg.Rectangle{
		Min: vg.Point{X: from, Y: middle - half}, Max: vg.Point{X: to, Y: middle + half},
	}))
}

// label writes what a row is called, beside it.
func label(c draw.Canvas, name string, area vg.Rectangle) {
	style := words(small, ink)
	style.XAlign, style.YAlign = text.XRight, text.YCenter
	c.FillText(style, vg.Point{X: c.Min.X + labels - gap, Y: area.Min.Y + area.Size().Y/2}, name)
}

// drawAxis draws the time below the rows, with fine lines through them.
func drawAxis(c, frame draw.Canvas, last int64, scale func(int64) vg.Length) {
	style := words(small, ink)
	style.XAlign = text.XCenter
	seconds := float64(last) / 1e9
	for _, at := range (plot.DefaultTicks{}).Ticks(0, seconds) {
		if at.IsMinor() || at.Value > seconds {
			continue
		}
		x := scale(int64(at.Value * 1e9))
		frame.StrokeLine2(line(grid, 0.8), x, frame.Min.Y, x, frame.Max.Y)
		frame.StrokeLine2(line(muted, 1), x, frame.Min.Y-5, x, frame.Min.Y)
		name := Axis{Time: true}.format(at.Value)
		half := style.Width(name) / 2
		c.FillText(style, vg.Point{X: min(x, frame.Max.X-half), Y: frame.Min.Y - 6}, name)
	}
	frame.StrokeLine2(line(muted, 1), frame.Min.X, frame.Min.Y, frame.Max.X, frame.Min.Y)
	c.FillText(style, vg.Point{X: frame.Center().X, Y: frame.Min.Y - axisRow}, "time after the release")
}
