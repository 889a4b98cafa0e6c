package chart

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// page is a canvas that is filled from the top.
type page struct {
	svg  *canvas
	free draw.Canvas // the empty part, within the margins
}

// newPage returns an empty page.
func newPage(height vg.Length) *page {
	svg := &canvas{Canvas: vgsvg.NewWith(vgsvg.UseWH(width, height))}
	all := draw.New(svg)
	all.FillPolygon(background.color(), corners(all.Rectangle))
	return &page{svg, draw.Crop(all, margin, -margin, margin, -margin)}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Min.X, Y: r.Max.Y}, r.Max, {X: r.Max.X, Y: r.Min.Y}}
}

// take returns the next part of the page, which has the given height.
func (p *page) take(height vg.Length) draw.Canvas {
	part := p.free
	part.Min.Y = part.Max.Y - height
	p.free.Max.Y = part.Min.Y
	return part
}

// write writes lines of text, one below the other.
func (p *page) write(style text.Style, lines []string) {
	for _, l := range lines {
		part := p.take(lineHeight(style))
		part.FillText(style, vg.Point{X: part.Min.X, Y: part.Max.Y}, l)
	}
}

// writeCentered writes a text with its middle at a height, between the baseline and the top of an
// ascender.
func writeCentered(c draw.Canvas, style text.Style, at vg.Point, line string) {
	style.YAlign = text.YCenter
	at.Y += style.FontExtents().Descent
	c.FillText(style, at, line)
}

func lineHeight(style text.Style) vg.Length { return style.Font.Size * lineSpace }

// writeTo writes the page as SVG. The title and the description are for readers who do not see it.
func (p *page) writeTo(out io.Writer, title, description string) error {
	var buffer bytes.Buffer
	if _, err := p.svg.WriteTo(&buffer); err != nil {
		return err
	}
	_, rest, ok := strings.Cut(buffer.String(), "<svg ")
	if ok {
		_, rest, ok = strings.Cut(rest, ">")
	}
	shapes, _, closed := strings.Cut(rest, "</svg>")
	if !ok || !closed {
		return fmt.Errorf("gonum's SVG has no root element")
	}
	w, h := p.svg.Size()
	const shown = 800 // pixels, if they fit
	whole := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %g %g" `+
		`style="max-width:100%%;height:auto" role="img">
<title>%s</title>
<desc>%s</desc>
<style>
%s</style>%s<g font-family="%s">
%s</g>
</svg>
`, shown, shown*h.Points()/w.Points(), w.Points(), h.Points(),
		html.EscapeString(title), html.EscapeString(description), stylesheet(),
		shapes, families, p.svg.texts.String())
	_, err := io.WriteString(out, strings.Map(xmlCharacter, whole))
	return err
}

// xmlCharacter replaces a character that XML does not allow (XML 1.0, 2.2) with U+FFFD. The name of
// a benchmark from a damaged file may have one.
func xmlCharacter(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return utf8.RuneError
	}
	return r
}
