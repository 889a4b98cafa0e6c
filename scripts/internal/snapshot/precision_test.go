package snapshot

import (
	"fmt"
	"math"
	"testing"

	"golang.org/x/perf/benchmath"
)

func TestSpread(t *testing.T) {
	for name, c := range map[string]struct {
		low, center, high float64
		want              string
		ok                bool
	}{
		"up and down":               {9, 10, 12, "±20%", true},
		"nearly ten times":          {10, 10, 109.9, "±999%", true},
		"ten times":                 {10, 10, 110, "±10x", true},
		"a hundred times and more":  {1, 2.67, 331.6, "±120x", true},
		"nothing but 0":             {0, 0, 0, "±0%", true},
		"down to 0":                 {0, 10, 12, "±100%", true},
		"without ends":              {math.Inf(-1), 10, math.Inf(1), "", false},
		"a median of 0 with spread": {0, 0, 1, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := benchmath.Summary{Lo: c.low, Center: c.center, Hi: c.high}
			if got, ok := Spread(s); got != c.want || ok != c.ok {
				t.Errorf("is %q, %v, want %q, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestThePrecisionOfARow(t *testing.T) {
	rates := func(unit string, rates ...int) (text string) {
		for _, rate := range rates {
			text += fmt.Sprintf("BenchmarkX 1 %d %s\n", rate, unit)
		}
		return text
	}
	for name, c := range map[string]struct {
		text string
		want float64
		ok   bool
	}{
		"of six rates":        {rates("inserts/s", 10, 10, 10, 10, 10, 13), 0.3, true},
		"of the disk":         {rates("syncs/s", 6, 10, 10, 10, 10, 13), 0.4, true},
		"of five rates":       {rates("inserts/s", 10, 10, 10, 10, 13), math.Inf(1), true},
		"with a median of 0":  {rates("inserts/s", 0, 0, 0, 0, 0, 13), 0, false},
		"of a row without it": {rates("p99-ns", 10, 10, 10, 10, 10, 13), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := readText(t, c.text).Rows()[0].Precision()
			if ok != c.ok || got != c.want && math.Abs(got-c.want) > 1e-9 {
				t.Errorf("is %v, %v, want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}
