package chart

import (
	"fmt"
	"strings"
	"testing"

	"busybench/bench/timeline"
	"busybench/scripts/internal/golden"
)

var long = strings.Repeat("a long text with WIDE words ", 12)

// newCurves returns a picture of panels with lines over X values.
func newCurves(x Axis, panels, lines int, xs ...float64) Curves {
	c := Curves{
		Title: "Burst: inserts per second", Subtitle: "default: medians of 10 runs", X: x,
		Y: Axis{Title: "inserts per second", Log: true},
	}
	for i := range panels {
		panel := Panel{Title: fmt.Sprintf("journal=%d", i)}
		for j := range lines {
			l := Line{Name: fmt.Sprintf("busy=%ds", j), Color: j, Mark: Mark(j)}
			for _, x := range xs {
				y := 10 + 100*x + float64(j)
				l.Points = append(l.Points, Point{X: x, Y: y, Low: y / 2, High: y * 2})
			}
			panel.Lines = append(panel.Lines, l)
		}
		c.Panels = append(c.Panels, panel)
	}
	return c
}

func TestTextOfCurvesStaysInThePicture(t *testing.T) {
	writers := Axis{Title: "writers at once", Log: true, Values: true}
	categories := func(names ...string) Axis { return Axis{Title: "txn", Categories: names} }
	longNames := newCurves(writers, 3, 3, 1, 8, 64)
	longNames.Title, longNames.Subtitle, longNames.Notes = long, long, []string{long, "short"}
	longNames.Y.Title, longNames.X.Title = long, long
	for i := range longNames.Panels {
		longNames.Panels[i].Title += long
		longNames.Panels[i].Lines[0].Name += long
	}
	word := newCurves(writers, 1, 1, 1)
	word.Title = strings.Repeat("W", 300)
	word.Panels[0].Lines[0].Name = word.Title
	large := newCurves(writers, 2, 2, 1, 999_999_999_999)
	large.Panels[0].Lines[0].Points[0].High = 1e300
	times := newCurves(writers, 2, 2, 1, 9_999)
	times.Y = Axis{Title: "p99 of an insert", Log: true, Time: true}
	for name, c := range map[string]Curves{
		"one panel":        newCurves(writers, 1, 5, 64, 500),
		"many numbers":     newCurves(writers, 2, 1, 1, 2, 3, 4, 5, 100, 1_000, 4_000, 4_001),
		"one number":       newCurves(writers, 2, 8, 100_000),
		"long names":       longNames,
		"a long word":      word,
		"large numbers":    large,
		"times":            times,
		"categories":       newCurves(categories("auto", "immediate"), 1, 2, 0, 1),
		"categories twice": newCurves(categories("auto", "immediate", "upgrade"), 2, 2, 0, 1, 2),
		"long categories":  newCurves(categories(long, "b", long, "d"), 3, 2, 0, 1, 2, 3),
		"many categories":  newCurves(categories(strings.Fields(long)[:24]...), 1, 1, 0, 23),
	} {
		t.Run(name, func(t *testing.T) {
			var svg strings.Builder
			if err := c.Draw(&svg); err != nil {
				t.Fatal(err)
			}
			golden.CheckText(t, svg.String())
		})
	}
}

func TestTextOfTimelinesStaysInThePicture(t *testing.T) {
	for _, c := range []struct {
		name    string
		round   string
		writers int
		length  int64
	}{
		{"few writers", "Burst/exec=process/writers=12", 12, 100_000_000},
		{"many writers", "Burst/exec=process/writers=4000", 4000, 1_234_567_890},
		{"a long name", "Burst/" + long, 1, 1_000_000},
		{"a long round", "Sustained/exec=process", 27, 99 * 3600e9},
	} {
		t.Run(c.name, func(t *testing.T) {
			round := timeline.Timeline{Name: c.round, Length: c.length}
			for i := range c.writers {
				at := c.length * int64(i+1) / int64(c.writers)
				kinds := []string{timeline.Acknowledged, timeline.LockError}
				round.Writers = append(round.Writers, timeline.Writer{
					Spans: []timeline.Span{
						{Kind: timeline.Opening, From: 0, To: at / 2},
						{Kind: timeline.Waiting, From: at / 2, To: at},
						{Kind: timeline.FailedHold, From: at, To: at},
						{Kind: timeline.Holding, From: at, To: at},
					},
					Ends: []timeline.End{{Kind: kinds[i%2], At: at}},
				})
			}
			round.Tracks = []timeline.Track{{Name: timeline.IntruderTrack, Spans: []timeline.Span{
				{Kind: timeline.Waiting, From: 0, To: c.length / 3},
				{Kind: "lock", From: c.length / 3, To: c.length},
			}}}
			var svg strings.Builder
			if err := DrawTimeline(&svg, round); err != nil {
				t.Fatal(err)
			}
			golden.CheckText(t, svg.String())
		})
	}
}
