package timeline

import (
	"fmt"

	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// StatementTrack returns the name of the track with the statements of a writer.
func StatementTrack(writer int) string { return fmt.Sprintf("statements of writer %d", writer) }

// AddStatements adds a track for each writer that reported when it ran the statements of an SQL
// file. The kinds of its spans are those of [workload.Place].
func (t *Timeline) AddStatements(r outcome.Round, file *workload.Workload) {
	for number, w := range r.Writers {
		track := Track{Name: StatementTrack(number)}
		for _, s := range w.StatementSpans {
			kind := file.Place(s.Line).String()
			track.Spans = append(track.Spans, Span{kind, s.From - r.Release, s.To - r.Release})
		}
		if len(track.Spans) > 0 {
			t.Tracks = append(t.Tracks, track)
		}
	}
}
