package chart

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// themeColor is a colour on a light page and its replacement on a dark one. No two are the same on
// a light page, because the stylesheet identifies them by that.
type themeColor struct{ light, dark uint32 }

// The colours that carry meaning are those of Okabe and Ito ("Color Universal Design", 2008,
// https://jfly.uni-koeln.de/color/), which people with any form of colour blindness can tell apart.
// Some are darker or lighter than the originals, to have a contrast with the page of 3:1 (WCAG 2.2,
// 1.4.11).
var (
	background = themeColor{0xFFFFFF, 0x0D1117}
	ink        = themeColor{0x1F2328, 0xE6EDF3}
	muted      = themeColor{0x59636E, 0x9198A1}
	grid       = themeColor{0xE0E4E9, 0x2A313A}
	blue       = themeColor{0x0072B2, 0x56B4E9}
	red        = themeColor{0xD55E00, 0xFF9149}
	green      = themeColor{0x00805D, 0x2FD4A3}
	purple     = themeColor{0xB3588F, 0xE5A3CA}
	yellow     = themeColor{0xA87400, 0xF0C04A}
	gray       = themeColor{0x6A6A6A, 0xB5B5B5}
	waiting    = themeColor{0xC6CDD5, 0x414A55}
	other      = themeColor{0xE9ECF0, 0x232A33} // of a writer's time, neither waiting nor holding

	themeColors = []themeColor{
		background, ink, muted, grid, blue, red, green, purple, yellow, gray, waiting, other,
	}
)

// lineColors are the colours of lines, by number.
var lineColors = []themeColor{red, blue, green, purple, yellow, gray}

func (t themeColor) color() color.Color {
	return color.RGBA{uint8(t.light >> 16), uint8(t.light >> 8), uint8(t.light), 0xFF}
}

// stylesheet returns CSS that replaces every colour by its dark one if the reader prefers dark
// pages. Viewers that do not support stylesheets show the light ones.
func stylesheet() string {
	var css strings.Builder
	css.WriteString("@media (prefers-color-scheme: dark) {\n")
	for _, t := range themeColors {
		for _, property := range []string{"fill", "stroke"} {
			fmt.Fprintf(&css, `[style*="%s:#%06X"]{%s:#%06X !important}`+"\n",
				property, t.light, property, t.dark)
		}
	}
	css.WriteString("}\n")
	return css.String()
}

// Sizes in units of the picture. It is shown as wide as the page allows: on a phone about 350
// pixels, so that a unit is 0.7 pixels there.
const (
	width     = vg.Length(500)
	margin    = vg.Length(12)
	gap       = vg.Length(8)
	small     = 14.5
	large     = 18
	lineSpace = 1.25 // times the size of the text
)

func line(t themeColor, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: t.color(), Width: width, Dashes: dashes}
}
