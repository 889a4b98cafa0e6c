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

// Text stands out from the page by 4.5:1 and lines by 3:1, on light pages and on dark ones.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		tones []tone
		least float64
	}{{[]tone{ink, muted}, 4.5}, {hues, 3}, {[]tone{waiting}, 1.5}} {
		for _, tone := range c.tones {
			if light, dark := contrast(tone.light, page.light), contrast(tone.dark, page.dark); min(light, dark) < c.least {
				t.Errorf("#%06X on a light page %.2f, #%06X on a dark page %.2f, want %v", tone.light, light, tone.dark, dark, c.least)
			}
		}
	}
}

// The stylesheet tells tones apart by what they are on a light page.
func TestEachToneHasItsDarkForm(t *testing.T) {
	css := stylesheet()
	seen := map[uint32]bool{}
	for _, tone := range tones {
		want := fmt.Sprintf(`[style*="fill:#%06X"]{fill:#%06X !important}`, tone.light, tone.dark)
		if seen[tone.light] || !strings.Contains(css, want) {
			t.Errorf("#%06X stands twice, or not in the stylesheet", tone.light)
		}
		seen[tone.light] = true
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		axis  Axis
		value float64
		want  string
	}{
		{Axis{}, 0, "0"}, {Axis{}, 0.05, "0.05"}, {Axis{}, 1.5, "1.5"}, {Axis{}, 12.34, "12.3"}, {Axis{}, 704.8, "705"},
		{Axis{}, 1000, "1,000"}, {Axis{}, 1255.5, "1,256"}, {Axis{}, 1234567, "1,234,567"}, {Axis{}, 100, "100"},
		{Axis{Time: true}, 0, "0 s"}, {Axis{Time: true}, 1.5, "1.5 s"}, {Axis{Time: true}, 0.0023456, "2.35 ms"},
		{Axis{Time: true}, 0.000075, "75 µs"}, {Axis{Time: true}, 75e-9, "75 ns"}, {Axis{Time: true}, 90, "1m30 s"},
	} {
		if got := c.axis.format(c.value); got != c.want {
			t.Errorf("%v becomes %q, want %q", c.value, got, c.want)
		}
	}
}

func labelsOf(ticks []plot.Tick) string {
	var labels []string
	for _, tick := range ticks {
		if tick.Label != "" {
			labels = append(labels, tick.Label)
		}
	}
	return strings.Join(labels, " ")
}

func TestTicks(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{labelsOf(Axis{}.logTicks(30, 700)), "50 100 200 500"},
		{labelsOf(Axis{}.logTicks(230, 580)), "300 400 500"},
		{labelsOf(Axis{}.logTicks(5150, 5400)), "5,200 5,300 5,400"},
		{labelsOf(Axis{}.logTicks(1, 100000)), "1 10 100 1,000 10,000 100,000"},
		{labelsOf(Axis{Time: true}.logTicks(0.0005, 5)), "1 ms 10 ms 100 ms 1 s"},
		{labelsOf(Axis{}.ticksAt([]float64{1, 8, 8, 64, 500, 512})), "512 64 8 1"}, // 500 has no room beside 512
		{labelsOf(Axis{}.ticksAt([]float64{64})), "64"},
	} {
		if c.got != c.want {
			t.Errorf("ticks are %q, want %q", c.got, c.want)
		}
	}
}

// An axis that cannot be logarithmic, because there is a 0, does not say that it is.
func TestAxisTitles(t *testing.T) {
	a := Axis{Title: "rate", Log: true}
	if above, with := a.titleFor([]float64{1, 2}), a.titleFor([]float64{0, 2}); above != "rate (log scale)" || with != "rate" {
		t.Errorf("titles are %q and %q", above, with)
	}
}

func TestWrap(t *testing.T) {
	style := words(small, ink)
	long := strings.Repeat("some words and 95\u00a0% ", 20)
	lines := wrap(style, long, "short")
	for _, l := range lines {
		if style.Width(l) > width-2*margin || strings.HasSuffix(l, "95") {
			t.Errorf("line %q", l)
		}
	}
	if joined := strings.Join(lines, " "); strings.TrimSpace(joined) != strings.TrimSpace(long)+" short" && joined != long+" short" {
		t.Errorf("lines are %q", lines)
	}
}

// The first and the last are drawn, and none twice.
func TestThinned(t *testing.T) {
	for _, n := range []int{1, 59, 60, 61, 119, 500, 4000} {
		writers := make([]timeline.Writer, n)
		for i := range writers {
			writers[i].Ends = []timeline.End{{At: int64(n - i)}}
		}
		shown := thinned(writers)
		if len(shown) != min(n, mostRows) || shown[0].number != n-1 || shown[len(shown)-1].number != 0 {
			t.Errorf("of %d are drawn %d, from %d to %d", n, len(shown), shown[0].number, shown[len(shown)-1].number)
		}
		for i := 1; i < len(shown); i++ {
			if shown[i].answered() <= shown[i-1].answered() {
				t.Errorf("of %d writers, number %d is drawn after %d", n, shown[i].number, shown[i-1].number)
			}
		}
	}
}

// Keys that are too long for two columns stand in one.
func TestLegend(t *testing.T) {
	short, long := key{text: "delete, process"}, key{text: strings.Repeat("a long name ", 3)}
	if l := newLegend([]key{short, short, short}); l.cols != 2 || l.rows != 2 {
		t.Errorf("three short keys stand in %d columns and %d rows", l.cols, l.rows)
	}
	if l := newLegend([]key{short, long, short}); l.cols != 1 || l.rows != 3 {
		t.Errorf("with a long one they stand in %d columns and %d rows", l.cols, l.rows)
	}
}
