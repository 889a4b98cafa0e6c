package chart

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"busybench/bench/timeline"
)

// purplePath is a filled path of a picture, as the driver of gonum writes it.
var purplePath = regexp.MustCompile(`<path d="([^"]*)"\s*style="fill:#B3588F`)

// pathPoint is a point of a path, of which the first number is x.
var pathPoint = regexp.MustCompile(`[ML]([\d.]+)`)

// A span that outlasts the round ends at the edge of the plot.
func TestSpansEndWithTheRound(t *testing.T) {
	var svg strings.Builder
	err := DrawTracks(&svg, timeline.Timeline{
		Name: "x", Length: 1000, Writers: []timeline.Writer{{}},
		Tracks: []timeline.Track{
			{Name: timeline.AckedTrack, Series: []timeline.Series{
				{Name: timeline.Acknowledged, Samples: []timeline.Sample{{At: 0, Value: 1}}},
			}},
			{Name: timeline.IntruderTrack, Spans: []timeline.Span{
				{Kind: "lock", From: 500, To: 5000}, {Kind: "lock", From: 6000, To: 7000},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	paths := purplePath.FindAllStringSubmatch(svg.String(), -1)
	if len(paths) != 2 {
		t.Fatalf("%d spans are drawn", len(paths))
	}
	for _, path := range paths {
		for _, point := range pathPoint.FindAllStringSubmatch(path[1], -1) {
			x, err := strconv.ParseFloat(point[1], 64)
			if edge := (width - margin).Points(); err != nil || x > edge+0.01 {
				t.Errorf("a span reaches %v, %v, beyond %v: %s", x, err, edge, path[1])
			}
		}
	}
}
