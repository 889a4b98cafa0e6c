package chart

import (
	"fmt"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestTenLinesHaveDifferentMarks(t *testing.T) {
	seen := map[string]Mark{}
	for m := range Mark(10) {
		path := fmt.Sprint(markGlyph{Mark: m}.path(1, vg.Point{}))
		if other, ok := seen[path]; ok {
			t.Errorf("marks %d and %d are the same", other, m)
		}
		seen[path] = m
	}
}

func TestMarksRepeatAfterTheLast(t *testing.T) {
	first := fmt.Sprint(markGlyph{Mark: Triangle}.path(1, vg.Point{}))
	again := fmt.Sprint(markGlyph{Mark: Triangle + markCount}.path(1, vg.Point{}))
	if first != again {
		t.Errorf("the mark after the last is %s, want %s", again, first)
	}
}
