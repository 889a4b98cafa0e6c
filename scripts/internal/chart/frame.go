package chart

import (
	"io"

	"gonum.org/v1/plot/vg"
)

// sheet is what all pictures have around what they show: a title, a line or two below it and a legend, and notes at the foot.
type sheet struct {
	title, subtitle string
	keys            []key
	notes           []string
	description     string                 // all of it in words
	height          vg.Length              // of what it shows
	body            func(p *picture) error // draws that
}

// draw writes the picture as SVG.
func (s sheet) draw(out io.Writer) error {
	title, body := words(large, ink), words(small, muted)
	titles, subtitles, notes := wrap(title, s.title), wrap(body, s.subtitle), wrap(body, s.notes...)
	keys := newLegend(s.keys)
	p := newPicture(2*margin + heightOf(title)*vg.Length(len(titles)) + heightOf(body)*vg.Length(len(subtitles)+len(notes)) +
		keys.height() + s.height + 2*gap)
	p.write(title, titles)
	p.write(body, subtitles)
	p.take(gap)
	keys.draw(p.take(keys.height()))
	if err := s.body(p); err != nil {
		return err
	}
	p.take(gap)
	p.write(body, notes)
	return p.writeTo(out, s.title, s.description)
}
