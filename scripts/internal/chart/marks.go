package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Mark is the form of a line's marks.
type Mark int

// The marks.
const (
	Circle Mark = iota
	Triangle
	Square
	Diamond
	Wedge // a triangle with its tip below

	markCount
)

// polygons are the marks with corners: the direction of the first, as a share of a full turn to the
// left from the right, and the radius, so that all marks look equally large.
var polygons = map[Mark]struct {
	corners       int
	first, radius float64
}{
	Triangle: {3, 1.0 / 4, 1.3},
	Square:   {4, 1.0 / 8, 1.25},
	Diamond:  {4, 0, 1.3},
	Wedge:    {3, 3.0 / 4, 1.3},
}

// markGlyph draws a mark.
type markGlyph struct {
	Mark
	hollow bool
}

// DrawGlyph implements [draw.GlyphDrawer]. A hollow mark hides the line below it.
func (m markGlyph) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	path := m.path(style.Radius, at)
	if !m.hollow {
		c.Fill(path)
		return
	}
	c.SetColor(background.color())
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: 1.6})
	c.Stroke(path)
}

func (m markGlyph) path(radius vg.Length, at vg.Point) (path vg.Path) {
	p, ok := polygons[m.Mark%markCount]
	if !ok {
		path.Move(vg.Point{X: at.X + radius, Y: at.Y})
		path.Arc(at, radius, 0, 2*math.Pi)
		path.Close()
		return path
	}
	radius *= vg.Length(p.radius)
	for i := range p.corners {
		sin, cos := math.Sincos(2 * math.Pi * (p.first + float64(i)/float64(p.corners)))
		corner := at.Add(vg.Point{X: radius * vg.Length(cos), Y: radius * vg.Length(sin)})
		if i == 0 {
			path.Move(corner)
		} else {
			path.Line(corner)
		}
	}
	path.Close()
	return path
}
