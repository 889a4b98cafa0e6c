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

// picture is a canvas that is filled from the top.
type picture struct {
	svg  *vgsvg.Canvas
	free draw.Canvas // what has nothing on it yet, within the margins
}

// newPicture makes a picture of some height.
func newPicture(height vg.Length) *picture {
	svg := vgsvg.NewWith(vgsvg.UseWH(width, height))
	all := draw.New(svg)
	all.FillPolygon(page.color(), corners(all.Rectangle))
	return &picture{svg, draw.Crop(all, margin, -margin, margin, -margin)}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Min.X, Y: r.Max.Y}, r.Max, {X: r.Max.X, Y: r.Min.Y}}
}

// take gives the next part of the canvas, of some height.
func (p *picture) take(height vg.Length) draw.Canvas {
	part := p.free
	part.Min.Y = part.Max.Y - height
	p.free.Max.Y = part.Min.Y
	return part
}

// write writes lines of text, one below the other.
func (p *picture) write(style text.Style, lines []string) {
	for _, l := range lines {
		part := p.take(heightOf(style))
		part.FillText(style, vg.Point{X: part.Min.X, Y: part.Max.Y}, l)
	}
}

func heightOf(style text.Style) vg.Length { return style.Font.Size * lineSpace }

// wrap breaks texts into lines that fit between the margins, at spaces but not at U+00A0.
func wrap(style text.Style, texts ...string) (lines []string) {
	for _, t := range texts {
		line := ""
		for word := range strings.SplitSeq(t, " ") {
			longer := strings.TrimPrefix(line+" "+word, " ")
			if line != "" && style.Width(longer) > width-2*margin {
				lines = append(lines, line)
				longer = word
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}

// writeTo writes the picture as SVG, with its content in words: a title, and a description for those who
// do not see it.
func (p *picture) writeTo(out io.Writer, title, description string) error {
	var buffer bytes.Buffer
	if _, err := p.svg.WriteTo(&buffer); err != nil {
		return err
	}
	_, rest, ok := strings.Cut(buffer.String(), "<svg ")
	if ok {
		_, rest, ok = strings.Cut(rest, ">")
	}
	if !ok {
		return fmt.Errorf("gonum's SVG has no root element")
	}
	// Any of these has the widths of the font that the text was measured in.
	rest = strings.ReplaceAll(rest, "font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif")
	w, h := p.svg.Size()
	const shown = 800 // pixels, where there is room
	whole := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %g %g" style="max-width:100%%;height:auto" role="img">
<title>%s</title>
<desc>%s</desc>
<style>
%s</style>%s`, shown, shown*h.Points()/w.Points(), w.Points(), h.Points(),
		html.EscapeString(title), html.EscapeString(description), stylesheet(), rest)
	_, err := io.WriteString(out, strings.Map(character, whole))
	return err
}

// character puts the sign for an unknown one in place of a character that XML cannot have (XML 1.0, 2.2), which a name from a
// damaged file may.
func character(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return utf8.RuneError
	}
	return r
}
