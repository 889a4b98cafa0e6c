package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legendEntry explains a sign of the picture.
type legendEntry struct {
	text   string
	swatch func(draw.Canvas) // draws the sign
}

// legend holds entries in columns, from top to bottom and then from left to right.
type legend struct {
	entries    []legendEntry
	texts      [][]string // the lines of each entry, more than one only in a single column
	rows, cols int        // rows of text
}

const (
	swatchWidth = vg.Length(40)
	swatchGap   = vg.Length(7) // to the text
	maxColumns  = 3
)

// newLegend arranges entries in as many columns as fit.
func newLegend(entries []legendEntry) legend {
	style := textStyle(small, ink)
	widest := vg.Length(0)
	for _, e := range entries {
		widest = max(widest, swatchWidth+2*swatchGap+style.Width(e.text))
	}
	const space = width - 2*margin
	l := legend{entries: entries, cols: max(1, min(maxColumns, int(space/max(widest, 1))))}
	lines := 0
	for _, e := range entries {
		text := wrap(style, space-swatchWidth-2*swatchGap, e.text)
		l.texts = append(l.texts, text)
		lines += len(text)
	}
	l.rows = (lines + l.cols - 1) / l.cols
	return l
}

func legendRowHeight() vg.Length { return lineHeight(textStyle(small, ink)) * 1.1 }

func (l legend) height() vg.Length { return vg.Length(l.rows) * legendRowHeight() }

func (l legend) draw(c draw.Canvas) {
	style := textStyle(small, ink)
	line := 0
	for i, e := range l.entries {
		for j, text := range l.texts[i] {
			cell := l.cell(c, line)
			if j == 0 {
				e.swatch(cell)
			}
			writeCentered(c, style, vg.Point{X: cell.Max.X + swatchGap, Y: cell.Center().Y}, text)
			line++
		}
	}
}

// cell returns the place of a line's swatch. The text is to the right of it.
func (l legend) cell(c draw.Canvas, line int) draw.Canvas {
	c.Min.X += c.Size().X / vg.Length(l.cols) * vg.Length(line/l.rows)
	c.Max.X = c.Min.X + swatchWidth
	c.Max.Y -= legendRowHeight() * vg.Length(line%l.rows)
	c.Min.Y = c.Max.Y - legendRowHeight()
	return c
}
