package chart

import (
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestLinesAreShiftedIfIntervalsOverlap(t *testing.T) {
	at := func(x, low, high float64) Line {
		return Line{Points: []Point{{X: x, Y: low, Low: low, High: high}}}
	}
	level := Line{Level: 2}
	categories := Axis{Categories: []string{"a", "b"}}
	for _, c := range []struct {
		name  string
		lines []Line
		x     Axis
		want  []vg.Length
	}{
		{"one above the other", []Line{at(1, 1, 2), at(1, 3, 4)}, Axis{}, []vg.Length{0, 0}},
		{"at different places", []Line{at(1, 1, 2), at(2, 1, 2)}, Axis{}, []vg.Length{0, 0}},
		{"overlap", []Line{at(1, 1, 3), at(1, 2, 4)}, Axis{}, []vg.Length{-3.5, 3.5}},
		{"equal medians", []Line{at(1, 0, 0), at(1, 0, 0)}, Axis{}, []vg.Length{-3.5, 3.5}},
		{"with a level", []Line{at(1, 1, 3), level, at(1, 2, 4)}, Axis{},
			[]vg.Length{-3.5, 0, 3.5}},
		{"a level alone", []Line{at(1, 1, 3), level}, Axis{}, []vg.Length{0, 0}},
		{"categories", []Line{at(1, 1, 3), at(1, 2, 4)}, categories, []vg.Length{-7, 7}},
		{"little space",
			[]Line{at(1, 1, 3), at(1, 2, 4), at(1, 2, 4), at(1, 2, 4), at(1, 2, 4)}, Axis{},
			[]vg.Length{-8, -4, 0, 4, 8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := newShifts(Panel{Lines: c.lines}, c.x, 200); !slices.Equal(got, c.want) {
				t.Errorf("shifts are %v, want %v", got, c.want)
			}
		})
	}
}
