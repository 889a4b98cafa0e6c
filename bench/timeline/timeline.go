// Package timeline says who did what when in a round: for each writer when it waited for the write lock, held
// it, and had its answer, and for the lock when it was held and when it was idle though somebody waited. It
// writes that down as trace events, which browsers' trace viewers open, and reads it back.
package timeline

import (
	"cmp"
	"slices"

	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// What a writer does in a stretch of time, by name.
const (
	Opening = "connecting or beginning" // before it asks for anything that it has to wait for
	Waiting = "waiting for the write lock"
	Holding = "holding the write lock"
	InVain  = "holding the write lock in vain" // in a try that failed and was repeated, within a wait
	Closing = "closing"                        // all after it let the lock go
)

// What the write lock is in a stretch of time, by name. In the rest nobody waits for it.
const (
	Held = "held"
	Idle = "idle, somebody waits"
)

// What comes of an attempt, by name.
const (
	Acknowledged = "acknowledged"
	GaveUp       = "gave up"
)

// Timeline is one round. All instants are in ns after the release.
type Timeline struct {
	Name    string // of the benchmark, with its axes
	Length  int64  // the measured time: of a burst until its last outcome, of a sustained round its length
	Lock    []Span
	Writers []Writer // by their numbers
}

// Writer is what one writer did.
type Writer struct {
	Spans []Span // in the order of their beginnings; those in vain lie within a wait
	Ends  []End  // of its attempts, in order
}

// Span is a stretch of time in which something was so.
type Span struct {
	Kind     string
	From, To int64
}

// End is what came of an attempt.
type End struct {
	Kind string
	At   int64
	Code string // SQLite's name of what was met, of an attempt that gave up
}

// New returns the timeline of a round under a benchmark's name.
func New(name string, r outcome.Round) Timeline {
	t := Timeline{Name: name, Length: r.Length()}
	for _, s := range metrics.LockUse(r) {
		kind := Idle
		if s.Held {
			kind = Held
		}
		t.Lock = append(t.Lock, Span{kind, s.From - r.Release, s.To - r.Release})
	}
	for _, w := range r.Writers {
		t.Writers = append(t.Writers, newWriter(r.Release, w))
	}
	return t
}

func newWriter(at int64, series outcome.Series) (w Writer) {
	span := func(kind string, from, to int64) {
		if to > from {
			w.Spans = append(w.Spans, Span{kind, from - at, to - at})
		}
	}
	for _, o := range series.Outcomes {
		asked, got, letGo := o.WaitStart, o.LockAcquired, o.LockReleased
		if asked == 0 {
			asked = o.End
		}
		if got == 0 {
			got, letGo = o.End, o.End
		}
		span(Opening, o.Start, asked)
		span(Waiting, asked, got)
		span(Holding, got, letGo)
		span(Closing, letGo, o.End)
		end := End{Kind: Acknowledged, At: o.End - at}
		if !o.Acknowledged() {
			end.Kind, end.Code = GaveUp, o.Code.String()
		}
		w.Ends = append(w.Ends, end)
	}
	for _, v := range series.FailedHolds {
		span(InVain, v.From, v.To)
	}
	slices.SortStableFunc(w.Spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return w
}
