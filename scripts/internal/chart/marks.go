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
	Star
	WedgeLeft
	WedgeRight
	Plus  // a star with four corners
	Cross // the same, turned

	markCount
)

// polygon is a mark with corners. A star has others between them, nearer to its centre.
type polygon struct {
	corners int
	first   float64 // direction of the first, as a share of a full turn to the left from the right
	radius  float64 // so that all marks look equally large
	inner   float64 // radius of the corners between, as a share of the other; 0 if there are none
}

var polygons = map[Mark]polygon{
	Triangle:   {3, 1.0 / 4, 1.3, 0},
	Square:     {4, 1.0 / 8, 1.25, 0},
	Diamond:    {4, 0, 1.3, 0},
	Wedge:      {3, 3.0 / 4, 1.3, 0},
	Star:       {5, 1.0 / 4, 1.5, 0.45},
	WedgeLeft:  {3, 1.0 / 2, 1.3, 0},
	WedgeRight: {3, 0, 1.3, 0},
	Plus:       {4, 0, 1.6, 0.4},
	Cross:      {4, 1.0 / 8, 1.6, 0.4},
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
	steps := p.corners
	if p.inner > 0 {
		steps *= 2
	}
	for i := range steps {
		r := radius * vg.Length(p.radius)
		if p.inner > 0 && i%2 == 1 {
			r *= vg.Length(p.inner)
		}
		sin, cos := math.Sincos(2 * math.Pi * (p.first + float64(i)/float64(steps)))
		corner := at.Add(vg.Point{X: r * vg.Length(cos), Y: r * vg.Length(sin)})
		if i == 0 {
			path.Move(corner)
		} else {
			path.Line(corner)
		}
	}
	path.Close()
	return path
}
