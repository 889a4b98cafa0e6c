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
	svg  *vgsvg.Canvas
	free draw.Canvas // the empty part, within the margins
}

// newPage returns an empty page.
func newPage(height vg.Length) *page {
	svg := vgsvg.NewWith(vgsvg.UseWH(width, height))
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

func lineHeight(style text.Style) vg.Length { return style.Font.Size * lineSpace }

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
	if !ok {
		return fmt.Errorf("gonum's SVG has no root element")
	}
	// Any of these has the widths of the font that the text was measured in.
	rest = strings.ReplaceAll(rest, "font-family:Liberation Sans",
		"font-family:Liberation Sans,Arial,Helvetica,sans-serif")
	w, h := p.svg.Size()
	const shown = 800 // pixels, if they fit
	whole := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %g %g" `+
		`style="max-width:100%%;height:auto" role="img">
<title>%s</title>
<desc>%s</desc>
<style>
%s</style>%s`, shown, shown*h.Points()/w.Points(), w.Points(), h.Points(),
		html.EscapeString(title), html.EscapeString(description), stylesheet(), rest)
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
