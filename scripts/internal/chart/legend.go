package chart

import (
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key explains a sign.
type key struct {
	text string
	sign func(draw.Canvas) // draws it
}

// legend is keys in columns, from top to bottom and then from left to right.
type legend struct {
	keys       []key
	rows, cols int
}

const (
	signWidth = vg.Length(40)
	signGap   = vg.Length(7) // to the text
	mostCols  = 2
)

// newLegend puts keys into as many columns as there is room for.
func newLegend(keys []key) legend {
	widest := vg.Length(0)
	for _, k := range keys {
		widest = max(widest, signWidth+2*signGap+words(small, ink).Width(k.text))
	}
	cols := max(1, min(mostCols, int((width-2*margin)/widest)))
	return legend{keys, (len(keys) + cols - 1) / cols, cols}
}

func (l legend) height() vg.Length { return vg.Length(l.rows) * heightOf(words(small, ink)) * 1.1 }

func (l legend) draw(c draw.Canvas) {
	style := words(small, ink)
	style.YAlign = text.YCenter
	for i, k := range l.keys {
		cell := c
		w, h := c.Size().X/vg.Length(l.cols), c.Size().Y/vg.Length(l.rows)
		cell.Min.X += w * vg.Length(i/l.rows)
		cell.Max.Y -= h * vg.Length(i%l.rows)
		cell.Min.Y = cell.Max.Y - h
		cell.Max.X = cell.Min.X + signWidth
		k.sign(cell)
		c.FillText(style, vg.Point{X: cell.Max.X + signGap, Y: cell.Center().Y}, k.text)
	}
}
