package chart

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tone is a colour on a light page, and what takes its place on a dark one. No two tones are the same
// on a light page, since that is how they are told apart.
type tone struct{ light, dark uint32 }

// The colours that carry meaning are those of Okabe and Ito ("Color Universal Design", 2008,
// https://jfly.uni-koeln.de/color/), which people with any form of colour blindness can tell apart, darker or
// lighter where they would not stand out from the page by 3:1 (WCAG 2.2, 1.4.11).
var (
	page    = tone{0xFFFFFF, 0x0D1117}
	ink     = tone{0x1F2328, 0xE6EDF3}
	muted   = tone{0x59636E, 0x9198A1}
	grid    = tone{0xE0E4E9, 0x2A313A}
	blue    = tone{0x0072B2, 0x56B4E9}
	red     = tone{0xD55E00, 0xFF9149}
	green   = tone{0x00805D, 0x2FD4A3}
	purple  = tone{0xB3588F, 0xE5A3CA}
	yellow  = tone{0xA87400, 0xF0C04A}
	gray    = tone{0x6A6A6A, 0xB5B5B5}
	waiting = tone{0xC6CDD5, 0x414A55}
	other   = tone{0xE9ECF0, 0x232A33} // of a writer's time, neither waiting nor holding
	tones   = []tone{page, ink, muted, grid, blue, red, green, purple, yellow, gray, waiting, other}
)

// hues are what lines are drawn in, in turn.
var hues = []tone{red, blue, green, purple, yellow, gray}

func (t tone) color() color.Color {
	return color.RGBA{uint8(t.light >> 16), uint8(t.light >> 8), uint8(t.light), 0xFF}
}

// stylesheet turns every tone into its dark form where the reader prefers dark pages. Viewers that know no stylesheets
// show the light one.
func stylesheet() string {
	var css strings.Builder
	css.WriteString("@media (prefers-color-scheme: dark) {\n")
	for _, t := range tones {
		for _, property := range []string{"fill", "stroke"} {
			fmt.Fprintf(&css, `[style*="%s:#%06X"]{%s:#%06X !important}`+"\n", property, t.light, property, t.dark)
		}
	}
	css.WriteString("}\n")
	return css.String()
}

// Sizes in units of the picture, which is shown so wide as there is room for. A picture on a phone is some 350 pixels wide, so
// that a unit is 0.7 pixels there.
const (
	width     = vg.Length(500)
	margin    = vg.Length(12)
	gap       = vg.Length(8)
	small     = 14.5
	large     = 18
	lineSpace = 1.25 // times the size of the text
)

// words is the style of a text. The font has the widths of Arial and Helvetica, so that the text fits whichever of them a
// viewer has.
func words(size float64, t tone) text.Style {
	return text.Style{
		Color:   t.color(),
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		Handler: text.Plain{Fonts: font.DefaultCache},
		YAlign:  text.YTop,
	}
}

func line(t tone, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: t.color(), Width: width, Dashes: dashes}
}
