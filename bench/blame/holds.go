package blame

import (
	"cmp"
	"slices"

	"busybench/bench/outcome"
)

// Hold is a time in which a participant held the write lock.
type Hold struct {
	By outcome.Participant
	outcome.Span
	Step string // what most of the time went into, such as the name of a phase
	Line uint16 // of an SQL file, at which the longest statement begins, or 0
}

// Holds returns the times in which the participants of a round held the write lock, in no order,
// and those in which a writer must have held it at some instant, but did not report when.
func Holds(r outcome.Round) (holds []Hold, unknown []outcome.Span) {
	for number, w := range r.Writers {
		by := outcome.Participant{Role: outcome.Writer, Number: number}
		for _, o := range w.Outcomes {
			switch {
			case o.LockAcquired != 0:
				holds = append(holds, newHold(by, o))
			case o.Acknowledged():
				from := cmp.Or(o.WaitStart, o.Start)
				unknown = append(unknown, outcome.Span{From: from, To: o.End})
			}
		}
		for _, s := range w.FailedHolds {
			holds = append(holds, Hold{By: by, Span: s, Step: outcome.Insert.String()})
		}
	}
	for _, h := range r.OtherHolds() {
		holds = append(holds, Hold{By: h.By, Span: h.Span, Step: h.Phase.String()})
	}
	return holds, unknown
}

// newHold returns the hold of an attempt that had the write lock.
func newHold(by outcome.Participant, o outcome.Outcome) Hold {
	released := cmp.Or(o.LockReleased, o.End)
	step := outcome.Insert
	if o.CommitStart != 0 && released-o.CommitStart > o.CommitStart-o.LockAcquired {
		step = outcome.Commit
	}
	h := Hold{By: by, Span: outcome.Span{From: o.LockAcquired, To: released}, Step: step.String()}
	if step == outcome.Insert {
		h.Line = o.LongestLine
	}
	return h
}

// makeExclusive sorts holds and ends each when the next begins: only one participant has the write
// lock at a time. An acquisition is recorded after it happened and a release after the call that
// made it, which in WAL mode may include a checkpoint. So if two overlap, the earlier one had
// released the lock when the later one began.
func makeExclusive(holds []Hold) {
	slices.SortFunc(holds, func(a, b Hold) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	for i := range holds {
		holds[i].To = max(holds[i].To, holds[i].From)
		if i+1 < len(holds) {
			holds[i].To = min(holds[i].To, holds[i+1].From)
		}
	}
}
