package metrics

import (
	"testing"

	"busybench/bench/outcome"
)

func TestMaxOverlap(t *testing.T) {
	for _, c := range []struct {
		name  string
		lists [][]outcome.Outcome
		want  int
	}{
		{"no attempts", [][]outcome.Outcome{{}, {}}, 0},
		{"attempts one after the other", [][]outcome.Outcome{
			{at(0, 10, 0)}, {at(20, 30, 0)}, {at(12, 15, 0)}}, 1},
		{"an attempt that ends as the next begins", [][]outcome.Outcome{
			{at(0, 10, 0)}, {at(10, 20, 0)}}, 1},
		{"two of three attempts at once", [][]outcome.Outcome{
			{at(0, 10, 0)}, {at(9, 20, busy)}, {at(15, 30, 0)}}, 2},
		{"an attempt within another", [][]outcome.Outcome{
			{at(0, 30, 0)}, {at(10, 20, 0)}}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := maxOverlap(series(1, c.lists)); got != c.want {
				t.Errorf("overlap is %d, want %d", got, c.want)
			}
		})
	}
}
