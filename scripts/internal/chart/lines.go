package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line is a curve of medians with their intervals, or a level. Lines of the same name share an
// entry of the legend.
type Line struct {
	Name     string
	Color    int  // the colour, by number, or Neutral
	Mark     Mark // not drawn for a level
	Baseline bool // the older state of a comparison: dotted, with small marks
	Points   []Point
	Level    float64 // if there are no points: dashed, over the full width
}

// Neutral is the colour of a line that belongs to several others.
const Neutral = -1

// Point is a median with its interval. If Low equals High, no interval is drawn.
type Point struct {
	X, Y, Low, High float64
	Hollow          bool // marked as a figure that must not be compared
}

// plotters returns what draws a line. Its points are joined if the X axis is one of numbers.
func (l Line) plotters(p *plot.Plot, joined bool) (all []plot.Plotter, err error) {
	if l.Points == nil {
		ends := plotter.XYs{{X: p.X.Min, Y: l.Level}, {X: p.X.Max, Y: l.Level}}
		return []plot.Plotter{&plotter.Line{XYs: ends, LineStyle: l.style()}}, nil
	}
	var bars intervals
	var medians plotter.XYs
	for _, point := range l.Points {
		median := plotter.XY{X: point.X, Y: point.Y}
		medians = append(medians, median)
		if point.Low == point.High {
			continue
		}
		bars.XYs = append(bars.XYs, median)
		// An interval is cut off at the end of the axis: on a logarithmic one, it may go down to 0.
		bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{
			point.Y - max(point.Low, p.Y.Min), min(point.High, p.Y.Max) - point.Y,
		})
	}
	if bars.XYs != nil {
		errors, err := plotter.NewYErrorBars(bars)
		if err != nil {
			return nil, err
		}
		errors.LineStyle, errors.CapWidth = line(l.themeColor(), 1.2), 7
		all = append(all, errors)
	}
	if joined {
		all = append(all, &plotter.Line{XYs: medians, LineStyle: l.style()})
	}
	return append(all, &plotter.Scatter{
		XYs:            medians,
		GlyphStyleFunc: func(i int) draw.GlyphStyle { return l.glyph(l.Points[i].Hollow) },
	}), nil
}

// intervals holds points with their intervals, in the form that gonum takes.
type intervals struct {
	plotter.XYs
	plotter.YErrors
}

func (l Line) themeColor() themeColor {
	if l.Color == Neutral {
		return muted
	}
	return lineColors[l.Color%len(lineColors)]
}

func (l Line) style() draw.LineStyle {
	switch {
	case l.Points == nil && l.Baseline:
		return line(l.themeColor(), 1.4, 9, 3, 2, 3)
	case l.Points == nil:
		return line(l.themeColor(), 1.6, 9, 5)
	case l.Baseline:
		return line(l.themeColor(), 1.4, 1.5, 4)
	}
	return line(l.themeColor(), 2.2)
}

func (l Line) glyph(hollow bool) draw.GlyphStyle {
	radius := vg.Length(4.5)
	if l.Baseline {
		radius = 3
	}
	return draw.GlyphStyle{
		Color: l.themeColor().color(), Radius: radius, Shape: markGlyph{l.Mark, hollow},
	}
}

// drawSwatch draws a piece of the line.
func (l Line) drawSwatch(c draw.Canvas, joined bool) {
	if joined || l.Points == nil {
		(&plotter.Line{LineStyle: l.style()}).Thumbnail(&c)
	}
	if l.Points != nil {
		(&plotter.Scatter{GlyphStyle: l.glyph(false)}).Thumbnail(&c)
	}
}
