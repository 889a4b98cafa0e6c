package chart

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// canvas is gonum's canvas for SVG, except that text is aligned by the viewer. gonum would place
// the beginning of a text by the widths of the font that it was measured in, and the end would be
// elsewhere in another font.
type canvas struct {
	*vgsvg.Canvas
	color  color.Color
	anchor string          // where a text has its position
	texts  strings.Builder // text elements, which are drawn above all shapes
}

// SetColor implements [vg.Canvas].
func (c *canvas) SetColor(color color.Color) {
	c.color = color
	c.Canvas.SetColor(color)
}

// FillString implements [vg.Canvas]. It writes a text at the anchor.
func (c *canvas) FillString(face font.Face, at vg.Point, text string) {
	if text == "" {
		return // a line that moves the next one down
	}
	_, height := c.Size()
	r, g, b, _ := c.color.RGBA()
	fmt.Fprintf(&c.texts, `<text x="%.2f" y="%.2f" text-anchor="%s" `+
		`style="font-size:%gpx;fill:#%02X%02X%02X">%s</text>`+"\n",
		at.X.Points(), (height - at.Y).Points(), c.anchor,
		face.Font.Size.Points(), r>>8, g>>8, b>>8, html.EscapeString(text))
}

// handler measures text as gonum does, and draws it on a [canvas].
type handler struct{ text.Plain }

// Draw implements [text.Handler].
func (h handler) Draw(to vg.Canvas, words string, style text.Style, at vg.Point) {
	c := unwrap(to)
	switch style.XAlign {
	case text.XLeft:
		c.anchor = "start"
	case text.XCenter:
		c.anchor = "middle"
	case text.XRight:
		c.anchor = "end"
	}
	style.XAlign = text.XLeft
	h.Plain.Draw(c, words, style, at)
}

// unwrap returns the canvas below those that gonum crops from it.
func unwrap(c vg.Canvas) *canvas {
	switch c := c.(type) {
	case *draw.Canvas:
		return unwrap(c.Canvas)
	case draw.Canvas:
		return unwrap(c.Canvas)
	}
	return c.(*canvas)
}
