package chart

import (
	"sync"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
)

// families are the fonts that a viewer may take, the first that it has. Text is measured in the
// widest of them, DejaVu Sans, which is the usual one on Linux. A viewer with none of them takes
// its own sans-serif font.
const families = "Liberation Sans,Arial,Helvetica,DejaVu Sans,sans-serif"

var typeface = font.Font{Typeface: "DejaVu", Variant: "Sans"}

// fonts holds the font in which text is measured.
var fonts = sync.OnceValue(func() *font.Cache {
	face, err := opentype.Parse(dejavusans.TTF)
	if err != nil {
		panic(err) // the font is compiled in
	}
	return font.NewCache(font.Collection{{Font: typeface, Face: face}})
})

// textStyle returns the style of a text.
func textStyle(size float64, t themeColor) text.Style {
	return text.Style{
		Color:   t.color(),
		Font:    font.From(typeface, font.Length(size)),
		Handler: handler{text.Plain{Fonts: fonts()}},
		YAlign:  text.YTop,
	}
}
