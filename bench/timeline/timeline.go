// Package timeline describes what happened in a round over time: for each writer when it waited for
// the write lock, when it held it and when its attempts ended, and for the lock when it was held
// and when it was idle while writers waited. It has what checkpointers and intruders did, and of a
// long round figures over time, too. The package
// writes all this as trace events, which trace viewers in browsers open, and reads it back.
package timeline

import (
	"cmp"
	"slices"

	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// Kinds of a writer's spans.
const (
	Opening    = "connecting or beginning" // before a lock is refused, or until it is acquired
	Waiting    = "waiting for the write lock"
	Holding    = "holding the write lock"
	FailedHold = "holding the write lock, retried" // in a transaction that failed; within a wait
	Closing    = "closing"                         // everything after the lock is released
)

// Kinds of the write lock's spans. In the rest of the time no participant holds it and no writer
// waits for it.
const (
	Held = "held"
	Idle = "idle while writers wait"
)

// Kinds of an attempt's end.
const (
	Acknowledged = "acknowledged"
	LockError    = "lock error"
)

// Timeline is one round. All instants are in ns after the release.
type Timeline struct {
	Name    string // name of the benchmark, with its axes
	Length  int64  // measured time: until the last outcome of a burst, or the deadline
	Lock    []Span
	Writers []Writer // by number
	// Tracks are figures of a sustained round of 10 s or more, and the spans of checkpoints and of
	// an intruder in any round.
	Tracks []Track
}

// Writer is what one writer did.
type Writer struct {
	Spans []Span // in the order of their starts; a [FailedHold] lies within a [Waiting]
	Ends  []End  // the ends of its attempts, in order
}

// Span is a time in which a writer or the lock was in one state.
type Span struct {
	Kind     string
	From, To int64
}

// End is the end of an attempt.
type End struct {
	Kind string
	At   int64
	Code string // SQLite's name of the result code, if the attempt ended in a lock error
}

// New returns the timeline of a round of the benchmark of this name. In the round, every attempt is
// acknowledged or ends in a lock error.
func New(name string, r outcome.Round) Timeline {
	t := Timeline{
		Name: name, Length: r.Length(), Tracks: append(newFigures(r), newSpanTracks(r)...),
	}
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

func newWriter(release int64, series outcome.Series) (w Writer) {
	add := func(kind string, from, to int64) {
		if to > from {
			w.Spans = append(w.Spans, Span{kind, from - release, to - release})
		}
	}
	for _, o := range series.Outcomes {
		waitStart, acquired, released := o.WaitStart, o.LockAcquired, o.LockReleased
		if acquired == 0 {
			acquired, released = o.End, o.End
		}
		if waitStart == 0 {
			waitStart = acquired
		}
		add(Opening, o.Start, waitStart)
		add(Waiting, waitStart, acquired)
		add(Holding, acquired, released)
		add(Closing, released, o.End)
		end := End{Kind: Acknowledged, At: o.End - release}
		if !o.Acknowledged() {
			end.Kind, end.Code = LockError, o.Code.String()
		}
		w.Ends = append(w.Ends, end)
	}
	for _, h := range series.FailedHolds {
		add(FailedHold, h.From, h.To)
	}
	slices.SortStableFunc(w.Spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return w
}
