package timeline

import (
	"cmp"

	"busybench/bench/outcome"
)

// Names of tracks of spans.
const (
	CheckpointTrack = "checkpoints"
	IntruderTrack   = "intruder"
)

// Kinds of a checkpoint. Unfinished is one that a lock kept from being finished. The kinds of an
// intruder's spans are [Waiting] and the name of a phase.
const (
	Finished   = "finished"
	Unfinished = "not finished"
)

// newSpanTracks returns what a checkpointer and an intruder did in a round.
func newSpanTracks(r outcome.Round) (tracks []Track) {
	add := func(name string, all []outcome.Series) {
		t := Track{Name: name}
		for _, series := range all {
			for _, o := range series.Outcomes {
				t.Spans = append(t.Spans, newSpans(r.Release, o)...)
			}
		}
		if len(t.Spans) > 0 {
			tracks = append(tracks, t)
		}
	}
	add(CheckpointTrack, r.Checkpointers)
	add(IntruderTrack, r.Intruders)
	return tracks
}

// newSpans returns what a participant did. It waits until it has a lock. Of a checkpoint
// it is not known how long it waits.
func newSpans(release int64, o outcome.Outcome) (spans []Span) {
	kind, from := o.Phase.String(), cmp.Or(o.LockAcquired, o.Start)
	switch {
	case o.Phase == outcome.Checkpoint && o.LockError():
		kind = Unfinished
	case o.Phase == outcome.Checkpoint:
		kind = Finished
	case o.LockError():
		kind, from = Waiting, o.Start
	}
	if o.WaitStart != 0 && o.LockAcquired > o.WaitStart {
		spans = append(spans, Span{Waiting, o.WaitStart - release, o.LockAcquired - release})
	}
	return append(spans, Span{kind, from - release, o.End - release})
}
