package golden

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

// picture is what CheckText reads of an SVG file.
type picture struct {
	ViewBox string    `xml:"viewBox,attr"`
	Groups  []texts   `xml:"g"`
	Texts   []svgText `xml:"text"`
}

type texts struct {
	Texts []svgText `xml:"text"`
}

type svgText struct {
	X         float64 `xml:"x,attr"`
	Y         float64 `xml:"y,attr"`
	Anchor    string  `xml:"text-anchor,attr"`
	Transform string  `xml:"transform,attr"`
	Style     string  `xml:"style,attr"`
	Text      string  `xml:",chardata"`
}

// box is the place of a text, with Y from the top.
type box struct{ left, right, top, bottom float64 }

var fontSize = regexp.MustCompile(`font-size:([0-9.]+)px`)

// CheckText fails the test if a text runs out of a picture or overlaps another, if the viewer's
// font is DejaVu Sans. It is the widest of the usual ones.
func CheckText(t *testing.T, svg string) {
	t.Helper()
	var p picture
	if err := xml.Unmarshal([]byte(svg), &p); err != nil {
		t.Fatalf("the picture is not XML: %v", err)
	}
	viewBox := strings.Fields(p.ViewBox)
	width, height := number(t, viewBox[2]), number(t, viewBox[3])
	all := p.Texts
	for _, g := range p.Groups {
		all = append(all, g.Texts...)
	}
	if len(all) == 0 {
		t.Error("the picture has no text")
	}
	var boxes []box
	for _, text := range all {
		b := text.box(t)
		if b.left < 0 || b.right > width || b.top < 0 || b.bottom > height {
			t.Errorf("%q is at %+v, in a picture of %v by %v", text.Text, b, width, height)
		}
		for i, other := range boxes {
			if b.left < other.right && other.left < b.right &&
				b.top < other.bottom && other.top < b.bottom {
				t.Errorf("%q at %+v overlaps %q at %+v", text.Text, b, all[i].Text, other)
			}
		}
		boxes = append(boxes, b)
	}
}

// box returns a text's place, from the top of its capitals to its baseline.
func (s svgText) box(t *testing.T) box {
	t.Helper()
	size := fontSize.FindStringSubmatch(s.Style)
	if size == nil || s.Transform != "" {
		t.Fatalf("%q has style %q and transform %q, want only a font-size",
			s.Text, s.Style, s.Transform)
	}
	width := dejaVuWidth(t, s.Text, number(t, size[1]))
	left := s.X
	switch s.Anchor {
	case "middle":
		left -= width / 2
	case "end":
		left -= width
	}
	const capital = 0.73 // height of a capital, as a share of the font's size
	return box{left, left + width, s.Y - capital*number(t, size[1]), s.Y}
}

func dejaVuWidth(t *testing.T, text string, size float64) float64 {
	t.Helper()
	parsed, err := opentype.Parse(dejavusans.TTF)
	if err != nil {
		t.Fatal(err)
	}
	const scale = 100 // for a width without rounded letters
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: scale * size, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	return float64(font.MeasureString(face, text)) / 64 / scale
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
