package chart

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Curves is a picture of lines over the number of writers or over categories: one panel, or several
// with the same axes in two columns, with a common legend.
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

// The title of the Y axis is above the panels, where it can be read without turning the head. gonum
// would place a title beside a logarithmic axis as if the axis were linear.
const (
	plotHeight  = vg.Length(240) // of a panel in a single column
	smallHeight = vg.Length(185) // of a panel in two columns
	columnGap   = vg.Length(12)
)

// Draw writes the picture as SVG.
func (c Curves) Draw(out io.Writer) error {
	a := c.arrange()
	return frame{
		title:       c.Title,
		subtitle:    c.Subtitle,
		entries:     c.legendEntries(),
		notes:       c.Notes,
		description: c.describe(),
		height:      a.height(),
		body:        a.draw,
	}.draw(out)
}

// arrangement places the panels of a picture.
type arrangement struct {
	Curves
	width  vg.Length // of a panel
	rows   [][]Panel
	titles [][][]string // the lines of each panel's title, by row
}

// arrange places panels in two columns, or in one if there is only one panel or if the names of
// the categories need the space.
func (c Curves) arrange() arrangement {
	const page = width - 2*margin
	columns := 1
	a := arrangement{Curves: c, width: page}
	const half = (page - columnGap) / 2
	if len(c.Panels) > 1 && (c.X.Categories == nil || c.X.categoryRows(half-margin*4) == 1) {
		columns, a.width = 2, half
	}
	for row := range slices.Chunk(c.Panels, columns) {
		a.rows = append(a.rows, row)
		var titles [][]string
		for _, panel := range row {
			var lines []string
			if panel.Title != "" {
				lines = wrap(textStyle(small, ink), a.width, panel.Title)
			}
			titles = append(titles, lines)
		}
		a.titles = append(a.titles, titles)
	}
	return a
}

func (a arrangement) plotHeight() vg.Length {
	if a.width < width/2 {
		return smallHeight
	}
	return plotHeight
}

func (a arrangement) titleHeight(row int) (height vg.Length) {
	for _, lines := range a.titles[row] {
		height = max(height, lineHeight(textStyle(small, ink))*vg.Length(len(lines)))
	}
	return height
}

func (a arrangement) height() vg.Length {
	titles := len(axisTitles(a.Y, a.ys())) + len(axisTitles(a.X, a.xs()))
	height := 2*gap + vg.Length(titles)*lineHeight(textStyle(small, ink))
	for i := range a.rows {
		height += a.titleHeight(i) + a.plotHeight() + 2*gap
	}
	return height
}

// axisTitles returns the lines of an axis's title.
func axisTitles(axis Axis, values []float64) []string {
	return wrap(textStyle(small, ink), width-2*margin, axis.titleFor(values))
}

// draw draws the panels with the titles of the axes above and below them.
func (a arrangement) draw(p *page) error {
	style := textStyle(small, ink)
	p.take(2 * gap)
	p.write(style, axisTitles(a.Y, a.ys()))
	for i, row := range a.rows {
		p.take(gap / 2)
		titles := p.take(a.titleHeight(i))
		p.take(gap / 2)
		plots := p.take(a.plotHeight())
		for j, panel := range row {
			offset := vg.Length(j) * (a.width + columnGap)
			for k, l := range a.titles[i][j] {
				at := vg.Point{X: titles.Min.X + offset, Y: titles.Max.Y}
				at.Y -= vg.Length(k) * lineHeight(style)
				titles.FillText(style, at, l)
			}
			cell := plots
			cell.Min.X += offset
			cell.Max.X = cell.Min.X + a.width
			axes, err := a.plot(panel)
			if err != nil {
				return err
			}
			axes.Draw(cell)
		}
		p.take(gap)
	}
	style.XAlign = text.XCenter
	for _, l := range axisTitles(a.X, a.xs()) {
		at := p.take(lineHeight(style))
		at.FillText(style, vg.Point{X: at.Center().X, Y: at.Max.Y}, l)
	}
	return nil
}

// plot returns a panel's axes and lines.
func (a arrangement) plot(panel Panel) (*plot.Plot, error) {
	p := newPlot()
	a.Y.set(&p.Y, a.ys(), a.plotHeight()-2*lineHeight(textStyle(small, ink)), heightOf)
	length := a.width - p.Y.Tick.Length - gap
	for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		length = min(length, a.width-p.Y.Tick.Length-gap-textStyle(small, ink).Width(tick.Label))
	}
	a.X.set(&p.X, a.xs(), length, widthOf)
	p.Add(newGrid())
	shifts := newShifts(panel, a.X, length)
	for i, l := range panel.Lines {
		plotters, err := l.plotters(p, a.X.joins())
		if err != nil {
			return nil, err
		}
		for _, drawn := range plotters {
			p.Add(shifted{drawn, shifts[i]})
		}
	}
	return p, nil
}

// legendEntries returns an entry for each name of a line.
func (c Curves) legendEntries() (entries []legendEntry) {
	seen := map[string]bool{}
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			if !seen[l.Name] {
				seen[l.Name] = true
				entries = append(entries, legendEntry{l.Name, func(to draw.Canvas) {
					l.drawSwatch(to, c.X.joins())
				}})
			}
		}
	}
	return entries
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
		var more []string
		if p.Low != p.High {
			more = append(more, fmt.Sprintf("%s to %s", c.Y.format(p.Low), c.Y.format(p.High)))
		}
		if p.Hollow {
			more = append(more, "hollow")
		}
		if more != nil {
			text += " (" + strings.Join(more, "; ") + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
