package chart

import (
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"

	"busybench/bench/timeline"
)

// Holds is when each of several processes held a lock.
type Holds struct {
	Title, Subtitle string
	Length          int64 // ns
	Rows            []HoldRow
}

// HoldRow is one process.
type HoldRow struct {
	Name  string
	Spans []timeline.Span // in ns after the beginning; their kinds are not drawn
}

// DrawHolds draws a row for each process as SVG, with the spans in which it held the lock.
func DrawHolds(out io.Writer, h Holds) error {
	if h.Length <= 0 {
		return fmt.Errorf("%s: there is no time to draw", h.Title)
	}
	stack := trackStack{length: h.Length, timeTitle: "time after the first look"}
	var lines []string
	for _, r := range h.Rows[:min(len(h.Rows), maxHoldRows)] {
		spans := joinSpans(r.Spans, h.Length/int64(width))
		stack.tracks = append(stack.tracks, newTrack(timeline.Track{Name: r.Name, Spans: spans}))
		lines = append(lines, fmt.Sprintf("%s: %s.", r.Name, describeSpans(r.Spans, "")))
	}
	var notes []string
	if n := len(h.Rows) - len(stack.tracks); n > 0 {
		notes = append(notes, fmt.Sprintf("%d processes that held it for less are not drawn.", n))
	}
	return frame{
		title:       h.Title,
		subtitle:    h.Subtitle,
		notes:       notes,
		description: strings.Join(append([]string{h.Subtitle}, lines...), "\n"),
		height:      max(stack.height(), vg.Length(1)),
		body: func(p *page) error {
			stack.draw(p.take(stack.height()))
			return nil
		},
	}.draw(out)
}

// maxHoldRows is the number of processes that are drawn.
const maxHoldRows = 20

// joinSpans joins spans that are too close to each other to be drawn apart, so that a picture has
// few shapes.
func joinSpans(spans []timeline.Span, gap int64) (joined []timeline.Span) {
	for _, s := range spans {
		if n := len(joined); n > 0 && s.From-joined[n-1].To < gap {
			joined[n-1].To = s.To
			continue
		}
		joined = append(joined, s)
	}
	return joined
}
