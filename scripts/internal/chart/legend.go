package chart

import (
	"gonum.org/v1/plot/text"
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
	rows, cols int
}

const (
	swatchWidth = vg.Length(40)
	swatchGap   = vg.Length(7) // to the text
	maxColumns  = 2
)

// newLegend arranges entries in as many columns as fit.
func newLegend(entries []legendEntry) legend {
	widest := vg.Length(0)
	for _, e := range entries {
		widest = max(widest, swatchWidth+2*swatchGap+textStyle(small, ink).Width(e.text))
	}
	cols := max(1, min(maxColumns, int((width-2*margin)/widest)))
	return legend{entries, (len(entries) + cols - 1) / cols, cols}
}

func (l legend) height() vg.Length {
	return vg.Length(l.rows) * lineHeight(textStyle(small, ink)) * 1.1
}

func (l legend) draw(c draw.Canvas) {
	style := textStyle(small, ink)
	style.YAlign = text.YCenter
	for i, e := range l.entries {
		cell := c
		w, h := c.Size().X/vg.Length(l.cols), c.Size().Y/vg.Length(l.rows)
		cell.Min.X += w * vg.Length(i/l.rows)
		cell.Max.Y -= h * vg.Length(i%l.rows)
		cell.Min.Y = cell.Max.Y - h
		cell.Max.X = cell.Min.X + swatchWidth
		e.swatch(cell)
		c.FillText(style, vg.Point{X: cell.Max.X + swatchGap, Y: cell.Center().Y}, e.text)
	}
}
