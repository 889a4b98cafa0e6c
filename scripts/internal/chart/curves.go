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

// Curves is a picture of lines over the number of writers: panels one below the other, with a common legend.
type Curves struct {
	Title, Subtitle string
	X, Y            Axis
	Panels          []Panel
	Notes           []string
}

// Panel is the lines that share a frame.
type Panel struct {
	Title string // may be empty
	Lines []Line
}

// Line is medians with their intervals, or a level. Lines of the same name are the same in all panels.
type Line struct {
	Name   string
	Hue    int  // its colour, by number
	Mark   Mark // of a level none is drawn
	Before bool // of an earlier state, that others are held against: dotted, with hollow marks
	Points []Point
	Level  float64 // where there are no points: drawn from side to side, dashed
}

// Mark is the form of a line's marks.
type Mark int

// The marks there are.
const (
	Circle Mark = iota
	Triangle
)

// Point is a median with its interval, which is empty where Low equals High.
type Point struct{ X, Y, Low, High float64 }

// A panel is its frame, with the axes' titles above and below it. gonum would place them beside logarithmic axes as if these were linear, and
// a title that need not be turned to be read is as good.
const frameHeight = vg.Length(240)

// Draw writes the picture as SVG.
func (c Curves) Draw(out io.Writer) error {
	panelHeight := 2*gap + frameHeight + 2*heightOf(words(small, ink))
	return sheet{
		title: c.Title, subtitle: c.Subtitle, keys: c.keys(), notes: c.Notes, description: c.inWords(),
		height: panelHeight * vg.Length(len(c.Panels)),
		body: func(p *picture) error {
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
func (c Curves) draw(p *picture, panel Panel) error {
	frame, err := c.plot(panel)
	if err != nil {
		return err
	}
	title := c.Y.titleFor(c.ys())
	if panel.Title != "" {
		title = panel.Title + ": " + title
	}
	p.take(2 * gap)
	p.write(words(small, ink), []string{title})
	frame.Draw(p.take(frameHeight))
	below := words(small, ink)
	below.XAlign = text.XCenter
	at := p.take(heightOf(below))
	at.FillText(below, vg.Point{X: at.Center().X, Y: at.Max.Y}, c.X.titleFor(c.xs()))
	return nil
}

// plot makes a panel's frame.
func (c Curves) plot(panel Panel) (*plot.Plot, error) {
	p := newPlot()
	c.X.set(&p.X, c.xs())
	c.Y.set(&p.Y, c.ys())
	p.Add(gridOf(p))
	for _, l := range panel.Lines {
		if err := l.add(p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add draws a line.
func (l Line) add(p *plot.Plot) error {
	if l.Points == nil {
		level, err := plotter.NewLine(plotter.XYs{{X: p.X.Min, Y: l.Level}, {X: p.X.Max, Y: l.Level}})
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
		// Where an interval goes beyond the axis, as one down to 0 does on a logarithmic one, it is cut off.
		bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{
			point.Y - max(point.Low, p.Y.Min), min(point.High, p.Y.Max) - point.Y,
		})
	}
	if bars.XYs != nil {
		errors, err := plotter.NewYErrorBars(bars)
		if err != nil {
			return err
		}
		errors.LineStyle, errors.CapWidth = line(l.tone(), 1.2), 7
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

// intervals is points with their intervals, as gonum takes them.
type intervals struct {
	plotter.XYs
	plotter.YErrors
}

func (l Line) tone() tone { return hues[l.Hue%len(hues)] }

func (l Line) style() draw.LineStyle {
	switch {
	case l.Points == nil && l.Before:
		return line(l.tone(), 1.4, 9, 3, 2, 3)
	case l.Points == nil:
		return line(l.tone(), 1.6, 9, 5)
	case l.Before:
		return line(l.tone(), 1.4, 1.5, 4)
	}
	return line(l.tone(), 2.2)
}

func (l Line) glyph() draw.GlyphStyle {
	style := draw.GlyphStyle{Color: l.tone().color(), Radius: 4.5}
	switch {
	case l.Mark == Circle && l.Before:
		style.Shape = draw.RingGlyph{}
	case l.Mark == Circle:
		style.Shape = draw.CircleGlyph{}
	case l.Before:
		style.Shape, style.Radius = draw.TriangleGlyph{}, 5.5
	default:
		style.Shape, style.Radius = draw.PyramidGlyph{}, 5.5
	}
	return style
}

// keys explain the lines, each once.
func (c Curves) keys() (keys []key) {
	seen := map[string]bool{}
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			if !seen[l.Name] {
				seen[l.Name] = true
				keys = append(keys, key{l.Name, l.sign})
			}
		}
	}
	return keys
}

// sign draws a piece of the line.
func (l Line) sign(c draw.Canvas) {
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

// inWords is all that the picture shows, a line for each of its lines.
func (c Curves) inWords() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n%s against %s.\n", c.Subtitle, c.Y.titleFor(c.ys()), c.X.titleFor(c.xs()))
	for _, panel := range c.Panels {
		if panel.Title != "" {
			fmt.Fprintf(&text, "%s\n", panel.Title)
		}
		for _, l := range panel.Lines {
			fmt.Fprintf(&text, "%s: %s\n", l.Name, c.points(l))
		}
	}
	return strings.TrimSpace(text.String() + strings.Join(c.Notes, "\n"))
}

func (c Curves) points(l Line) string {
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
