package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"busybench/bench/timeline"
)

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(rgb uint32) (sum float64) {
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb>>(16-8*i)&0xFF) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(a, b uint32) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text contrasts with the page by 4.5:1 and lines by 3:1.
func TestContrastOnLightAndDarkPages(t *testing.T) {
	for name, c := range map[string]struct {
		colors []themeColor
		min    float64
	}{
		"text":    {[]themeColor{ink, muted}, 4.5},
		"lines":   {lineColors, 3},
		"waiting": {[]themeColor{waiting}, 1.5},
	} {
		t.Run(name, func(t *testing.T) {
			for _, color := range c.colors {
				light := contrast(color.light, background.light)
				dark := contrast(color.dark, background.dark)
				if min(light, dark) < c.min {
					t.Errorf("#%06X on a light page %.2f, #%06X on a dark page %.2f, want %v",
						color.light, light, color.dark, dark, c.min)
				}
			}
		})
	}
}

// The stylesheet identifies a colour by its value on a light page.
func TestEachColorHasOneDarkForm(t *testing.T) {
	css := stylesheet()
	seen := map[uint32]bool{}
	for _, color := range themeColors {
		want := fmt.Sprintf(`[style*="fill:#%06X"]{fill:#%06X !important}`, color.light, color.dark)
		if seen[color.light] || !strings.Contains(css, want) {
			t.Errorf("#%06X is there twice, or is not in the stylesheet", color.light)
		}
		seen[color.light] = true
	}
}

func TestAxisFormat(t *testing.T) {
	for _, c := range []struct {
		axis  Axis
		value float64
		want  string
	}{
		{Axis{}, 0, "0"},
		{Axis{}, 0.05, "0.05"},
		{Axis{}, 1.5, "1.5"},
		{Axis{}, 12.34, "12.3"},
		{Axis{}, 704.8, "705"},
		{Axis{}, 1000, "1,000"},
		{Axis{}, 1255.5, "1,256"},
		{Axis{}, 1234567, "1,234,567"},
		{Axis{}, 100, "100"},
		{Axis{}, -100, "-100"},
		{Axis{}, -1000, "-1,000"},
		{Axis{Time: true}, 0, "0 s"},
		{Axis{Time: true}, 1.5, "1.5 s"},
		{Axis{Time: true}, 0.0023456, "2.35 ms"},
		{Axis{Time: true}, 0.000075, "75 µs"},
		{Axis{Time: true}, 75e-9, "75 ns"},
		{Axis{Time: true}, -1.5, "-1.5 s"},
		{Axis{Time: true}, 90, "1m30s"},
		{Axis{Time: true}, 3600, "1h0m0s"},
	} {
		t.Run(c.want, func(t *testing.T) {
			if got := c.axis.format(c.value); got != c.want {
				t.Errorf("%v becomes %q, want %q", c.value, got, c.want)
			}
		})
	}
}

func labels(ticks []plot.Tick) string {
	var labels []string
	for _, tick := range ticks {
		if tick.Label != "" {
			labels = append(labels, tick.Label)
		}
	}
	return strings.Join(labels, " ")
}

func TestTickLabels(t *testing.T) {
	for name, c := range map[string]struct {
		ticks []plot.Tick
		want  string
	}{
		"1, 2 and 5":        {Axis{}.logTicks(30, 700), "50 100 200 500"},
		"all multiples":     {Axis{}.logTicks(230, 580), "300 400 500"},
		"linear":            {Axis{}.logTicks(5150, 5400), "5,200 5,300 5,400"},
		"powers of ten":     {Axis{}.logTicks(1, 100000), "1 10 100 1,000 10,000 100,000"},
		"times":             {Axis{Time: true}.logTicks(0.0005, 5), "1 ms 10 ms 100 ms 1 s"},
		"at values":         {Axis{}.ticksAt([]float64{1, 8, 8, 64}), "1 8 64"},
		"at a single value": {Axis{}.ticksAt([]float64{64}), "64"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := labels(c.ticks); got != c.want {
				t.Errorf("labels are %q, want %q", got, c.want)
			}
		})
	}
}

func TestTitleOfAnAxisWithA0IsNotLogarithmic(t *testing.T) {
	a := Axis{Title: "rate", Log: true}
	if got, want := a.titleFor([]float64{1, 2}), "rate (log scale)"; got != want {
		t.Errorf("above 0 the title is %q, want %q", got, want)
	}
	if got, want := a.titleFor([]float64{0, 2}), "rate"; got != want {
		t.Errorf("with a 0 the title is %q, want %q", got, want)
	}
}

func TestWrapBreaksLinesAtSpacesOnly(t *testing.T) {
	style := textStyle(small, ink)
	long := strings.Repeat("some words and 95\u00a0% ", 20)
	lines := wrap(style, width-2*margin, long, "short")
	for _, l := range lines {
		if style.Width(l) > width-2*margin || strings.HasSuffix(l, "95") {
			t.Errorf("line %q", l)
		}
	}
	joined := strings.Join(lines, " ")
	if strings.TrimSpace(joined) != strings.TrimSpace(long)+" short" && joined != long+" short" {
		t.Errorf("lines are %q", lines)
	}
}

func TestDownsampleKeepsTheFirstAndTheLast(t *testing.T) {
	for _, n := range []int{1, 59, 60, 61, 119, 500, 4000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			writers := make([]timeline.Writer, n)
			for i := range writers {
				writers[i].Ends = []timeline.End{{At: int64(n - i)}}
			}
			shown := downsample(writers)
			first, last := shown[0].number, shown[len(shown)-1].number
			if len(shown) != min(n, maxRows) || first != n-1 || last != 0 {
				t.Errorf("%d are drawn, from %d to %d", len(shown), first, last)
			}
			for i := 1; i < len(shown); i++ {
				if shown[i].firstAnswer() <= shown[i-1].firstAnswer() {
					t.Errorf("number %d is drawn after %d", shown[i].number, shown[i-1].number)
				}
			}
		})
	}
}

func TestLegendHasOneColumnIfAnEntryIsLong(t *testing.T) {
	short := legendEntry{text: "delete, process"}
	long := legendEntry{text: strings.Repeat("a long name ", 3)}
	if l := newLegend([]legendEntry{short, short, short}); l.cols != 2 || l.rows != 2 {
		t.Errorf("three short entries are in %d columns and %d rows", l.cols, l.rows)
	}
	if l := newLegend([]legendEntry{short, long, short}); l.cols != 1 || l.rows != 3 {
		t.Errorf("with a long entry there are %d columns and %d rows", l.cols, l.rows)
	}
}

func TestLinesJoinThePointsOfCategoriesOnlyIfTheseHaveAnOrder(t *testing.T) {
	paths := func(x Axis) int {
		var svg strings.Builder
		err := Curves{X: x, Y: Axis{Title: "y"}, Panels: []Panel{{Lines: []Line{{
			Name: "a", Points: []Point{{X: 0, Y: 1}, {X: 1, Y: 2}},
		}}}}}.Draw(&svg)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(svg.String(), "<path")
	}
	names := []string{"one", "two"}
	joined, apart := paths(Axis{Categories: names, Ordered: true}), paths(Axis{Categories: names})
	if joined != apart+2 { // the line, and its swatch in the legend
		t.Errorf("%d paths with an order, %d without", joined, apart)
	}
}
