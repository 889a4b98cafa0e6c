package chart

import (
	"io"

	"gonum.org/v1/plot/vg"
)

// frame is what all pictures have in common: a title, a subtitle and a legend above the body, and
// notes below it.
type frame struct {
	title, subtitle string
	entries         []legendEntry
	notes           []string
	description     string              // of the whole picture, in words
	height          vg.Length           // of the body
	body            func(p *page) error // draws the body
}

// draw writes the picture as SVG.
func (f frame) draw(out io.Writer) error {
	title, body := textStyle(large, ink), textStyle(small, muted)
	const space = width - 2*margin
	titles, subtitles := wrap(title, space, f.title), wrap(body, space, f.subtitle)
	notes := wrap(body, space, f.notes...)
	legend := newLegend(f.entries)
	p := newPage(2*margin + lineHeight(title)*vg.Length(len(titles)) +
		lineHeight(body)*vg.Length(len(subtitles)+len(notes)) + legend.height() + f.height + 2*gap)
	p.write(title, titles)
	p.write(body, subtitles)
	p.take(gap)
	legend.draw(p.take(legend.height()))
	if err := f.body(p); err != nil {
		return err
	}
	p.take(gap)
	p.write(body, notes)
	return p.writeTo(out, f.title, f.description)
}
