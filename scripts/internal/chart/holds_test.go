package chart

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"busybench/bench/timeline"
)

func drawHolds(t *testing.T, h Holds) string {
	t.Helper()
	var svg strings.Builder
	if err := DrawHolds(&svg, h); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(strings.NewReader(svg.String()))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return svg.String()
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestHoldsAreDrawnAndDescribed(t *testing.T) {
	const s = 1_000_000_000
	svg := drawHolds(t, Holds{Title: "title", Subtitle: "subtitle", Length: 10 * s, Rows: []HoldRow{
		{"pid 7 (a <b>)", []timeline.Span{{From: s, To: 4 * s}, {From: 5 * s, To: 6 * s}}},
		{"pid 8", []timeline.Span{{From: 4 * s, To: 4 * s}}},
	}})
	for _, want := range []string{
		"pid 7 (a &lt;b&gt;): 2, the longest of 3 s from 1 s.", "pid 8", "subtitle",
		"time after the first look",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in %s", want, svg)
		}
	}
}

func TestHoldsOfNoProcessAreDrawn(t *testing.T) {
	if svg := drawHolds(t, Holds{Title: "title", Length: 1e9}); !strings.Contains(svg, "title") {
		t.Errorf("no title in %s", svg)
	}
}

func TestManyHoldsTakeFewShapes(t *testing.T) {
	const count = 100_000
	row := HoldRow{Name: "pid 7"}
	for at := range int64(count) {
		row.Spans = append(row.Spans, timeline.Span{From: at * 1e6, To: at*1e6 + 5e5})
	}
	rows := []HoldRow{row}
	for i := range maxHoldRows + 2 {
		rows = append(rows, HoldRow{Name: fmt.Sprintf("pid %d", 100+i)})
	}
	svg := drawHolds(t, Holds{Title: "title", Length: count * 1e6, Rows: rows})
	if len(svg) > 1<<20 {
		t.Errorf("the picture has %d bytes", len(svg))
	}
	if want := "3 processes that held it for less are not drawn."; !strings.Contains(svg, want) {
		t.Errorf("no %q in the picture", want)
	}
}
