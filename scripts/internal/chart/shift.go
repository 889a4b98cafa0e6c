package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shifted moves a plotter sideways.
type shifted struct {
	plot.Plotter
	by vg.Length
}

// Plot implements [plot.Plotter].
func (s shifted) Plot(c draw.Canvas, p *plot.Plot) {
	c.Min.X += s.by
	c.Max.X += s.by
	s.Plotter.Plot(c, p)
}

// GlyphBoxes implements [plot.GlyphBoxer].
func (s shifted) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	if boxer, ok := s.Plotter.(plot.GlyphBoxer); ok {
		return boxer.GlyphBoxes(p)
	}
	return nil
}

// newShifts returns how far to move each line of a panel sideways. Lines are moved only if
// intervals would overlap.
func newShifts(panel Panel, x Axis, length vg.Length) []vg.Length {
	shifts := make([]vg.Length, len(panel.Lines))
	var moved []int // lines with points
	for i, l := range panel.Lines {
		if l.Points != nil {
			moved = append(moved, i)
		}
	}
	if !overlaps(panel) || len(moved) < 2 {
		return shifts
	}
	step, span := vg.Length(7), length*0.08
	if n := len(x.Categories); n > 0 {
		step, span = 14, length/vg.Length(n)/2
	}
	step = min(step, span/vg.Length(len(moved)-1))
	for k, i := range moved {
		shifts[i] = step * (vg.Length(k) - vg.Length(len(moved)-1)/2)
	}
	return shifts
}

// overlaps reports whether intervals of two lines overlap at the same X.
func overlaps(panel Panel) bool {
	for i, l := range panel.Lines {
		for _, other := range panel.Lines[:i] {
			for _, p := range l.Points {
				for _, q := range other.Points {
					if p.X == q.X && p.Low <= q.High && q.Low <= p.High {
						return true
					}
				}
			}
		}
	}
	return false
}
