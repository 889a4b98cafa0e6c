package chart

import (
	"strings"
	"testing"

	"busybench/bench/timeline"
)

// newStatements returns a round whose writer ran two statements, the later line first.
func newStatements() timeline.Timeline {
	return timeline.Timeline{
		Name: "x", Length: 1000,
		Writers: []timeline.Writer{{
			Spans: []timeline.Span{{Kind: timeline.Holding, From: 100, To: 900}},
			Ends:  []timeline.End{{Kind: timeline.Acknowledged, At: 900}},
		}},
		Tracks: []timeline.Track{{Name: timeline.StatementTrack(0), Spans: []timeline.Span{
			{Kind: "insert b (line 12)", From: 100, To: 400},
			{Kind: "update a (line 7)", From: 400, To: 800},
			{Kind: "insert b (line 12)", From: 800, To: 850},
		}}},
	}
}

// The statements are drawn within the row of their writer, and stand in the legend in the order of
// the file.
func TestStatementsAreDrawnInTheRowOfTheirWriter(t *testing.T) {
	var svg strings.Builder
	if err := DrawTimeline(&svg, newStatements()); err != nil {
		t.Fatal(err)
	}
	text := svg.String()
	first := strings.Index(text, "update a (line 7)")
	second := strings.Index(text, "insert b (line 12)")
	if first < 0 || second < first || strings.Contains(text, "statements of writer") {
		t.Errorf("the legend has the statements at %d and %d in\n%s", first, second, text)
	}
	// That of the legend is one more.
	if n := len(purplePath.FindAllString(text, -1)); n != 2 {
		t.Errorf("%d paths have the colour of the UPDATE, want 2", n)
	}
}

// A picture of figures over time has no row for each writer's statements.
func TestStatementsAreNoTracks(t *testing.T) {
	round := newStatements()
	round.Tracks = append(round.Tracks, timeline.Track{
		Name: timeline.AckedTrack, Series: []timeline.Series{
			{Name: timeline.Acknowledged, Samples: []timeline.Sample{{At: 0, Value: 1}}},
		},
	})
	var svg strings.Builder
	if err := DrawTracks(&svg, round); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{svg.String(), DescribeTracks(round)} {
		if strings.Contains(text, "statements of writer") || strings.Contains(text, "(line 7)") {
			t.Errorf("the statements are in\n%s", text)
		}
	}
}
