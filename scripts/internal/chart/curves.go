package chart

import (
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Curves is a picture of lines over the number of writers: panels one below the other, with a
// common legend.
type Curves struct {
	Title, Subtitle string
	X, Y            Axis
	Panels          []Panel
	Notes           []string
}

// Panel is a set of lines on the same axes.
type Panel struct {
	Title string // may be empty
	Lines []Line
}

// Line is a curve of medians with their intervals, or a level. Lines of the same name share an
// entry of the legend.
type Line struct {
	Name     string
	Color    int  // the colour, by number
	Mark     Mark // not drawn for a level
	Baseline bool // the older state of a comparison: dotted, with hollow marks
	Points   []Point
	Level    float64 // if there are no points: dashed, over the full width
}

// Mark is the form of a line's marks.
type Mark int

// The marks.
const (
	Circle Mark = iota
	Triangle
)

// Point is a median with its interval. If Low equals High, no interval is drawn.
type Point struct{ X, Y, Low, High float64 }

// plotHeight is the height of a panel without the titles of the axes, which are above and below it.
// gonum would place a title beside a logarithmic axis as if the axis were linear; and a title above
// it can be read without turning the head.
const plotHeight = vg.Length(240)

// Draw writes the picture as SVG.
func (c Curves) Draw(out io.Writer) error {
	panelHeight := 2*gap + plotHeight + 2*lineHeight(textStyle(small, ink))
	return frame{
		title:       c.Title,
		subtitle:    c.Subtitle,
		entries:     c.legendEntries(),
		notes:       c.Notes,
		description: c.describe(),
		height:      panelHeight * vg.Length(len(c.Panels)),
		body: func(p *page) error {
			for _, panel := range c.Panels {
				if err := c.draw(p, panel); err != nil {
					return err
				}
			}
			return nil
		},
	}.draw(out)
}

// draw draws a panel.
func (c Curves) draw(p *page, panel Panel) error {
	axes, err := c.plot(panel)
	if err != nil {
		return err
	}
	title := c.Y.titleFor(c.ys())
	if panel.Title != "" {
		title = panel.Title + ": " + title
	}
	p.take(2 * gap)
	p.write(textStyle(small, ink), []string{title})
	axes.Draw(p.take(plotHeight))
	below := textStyle(small, ink)
	below.XAlign = text.XCenter
	at := p.take(lineHeight(below))
	at.FillText(below, vg.Point{X: at.Center().X, Y: at.Max.Y}, c.X.titleFor(c.xs()))
	return nil
}

// plot returns a panel's axes and lines.
func (c Curves) plot(panel Panel) (*plot.Plot, error) {
	p := newPlot()
	c.X.set(&p.X, c.xs())
	c.Y.set(&p.Y, c.ys())
	p.Add(newGrid())
	for _, l := range panel.Lines {
		if err := l.add(p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add adds the line to a plot.
func (l Line) add(p *plot.Plot) error {
	if l.Points == nil {
		ends := plotter.XYs{{X: p.X.Min, Y: l.Level}, {X: p.X.Max, Y: l.Level}}
		level, err := plotter.NewLine(ends)
		if err != nil {
			return err
		}
		level.LineStyle = l.style()
		p.Add(level)
		return nil
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
			return err
		}
		errors.LineStyle, errors.CapWidth = line(l.themeColor(), 1.2), 7
		p.Add(errors)
	}
	joined, marks, err := plotter.NewLinePoints(medians)
	if err != nil {
		return err
	}
	joined.LineStyle, marks.GlyphStyle = l.style(), l.glyph()
	p.Add(joined, marks)
	return nil
}

// intervals holds points with their intervals, in the form that gonum takes.
type intervals struct {
	plotter.XYs
	plotter.YErrors
}

func (l Line) themeColor() themeColor { return lineColors[l.Color%len(lineColors)] }

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

func (l Line) glyph() draw.GlyphStyle {
	style := draw.GlyphStyle{Color: l.themeColor().color(), Radius: 4.5}
	switch {
	case l.Mark == Circle && l.Baseline:
		style.Shape = draw.RingGlyph{}
	case l.Mark == Circle:
		style.Shape = draw.CircleGlyph{}
	case l.Baseline:
		style.Shape, style.Radius = draw.TriangleGlyph{}, 5.5
	default:
		style.Shape, style.Radius = draw.PyramidGlyph{}, 5.5
	}
	return style
}

// legendEntries returns an entry for each name of a line.
func (c Curves) legendEntries() (entries []legendEntry) {
	seen := map[string]bool{}
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			if !seen[l.Name] {
				seen[l.Name] = true
				entries = append(entries, legendEntry{l.Name, l.swatch})
			}
		}
	}
	return entries
}

// swatch draws a piece of the line.
func (l Line) swatch(c draw.Canvas) {
	(&plotter.Line{LineStyle: l.style()}).Thumbnail(&c)
	if l.Points != nil {
		(&plotter.Scatter{GlyphStyle: l.glyph()}).Thumbnail(&c)
	}
}

func (c Curves) xs() (values []float64) {
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			for _, point := range l.Points {
				values = append(values, point.X)
			}
		}
	}
	return values
}

func (c Curves) ys() (values []float64) {
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			if l.Points == nil {
				values = append(values, l.Level)
			}
			for _, point := range l.Points {
				values = append(values, point.Low, point.Y, point.High)
			}
		}
	}
	return values
}

// describe returns the content of the picture in words, one line of text for each of its lines.
func (c Curves) describe() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n%s against %s.\n",
		c.Subtitle, c.Y.titleFor(c.ys()), c.X.titleFor(c.xs()))
	for _, panel := range c.Panels {
		if panel.Title != "" {
			fmt.Fprintf(&text, "%s\n", panel.Title)
		}
		for _, l := range panel.Lines {
			fmt.Fprintf(&text, "%s: %s\n", l.Name, c.describeLine(l))
		}
	}
	return strings.TrimSpace(text.String() + strings.Join(c.Notes, "\n"))
}

// describeLine returns the points of a line in words.
func (c Curves) describeLine(l Line) string {
	if l.Points == nil {
		return c.Y.format(l.Level)
	}
	var all []string
	for _, p := range l.Points {
		text := fmt.Sprintf("%s at %s", c.Y.format(p.Y), c.X.format(p.X))
		if p.Low != p.High {
			text += fmt.Sprintf(" (%s to %s)", c.Y.format(p.Low), c.Y.format(p.High))
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
