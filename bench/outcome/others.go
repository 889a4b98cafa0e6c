package outcome

import (
	"iter"
	"slices"
)

// series returns where the round keeps what participants of a role report.
func (r *Round) series(role Role) *[]Series {
	return [...]*[]Series{&r.Writers, &r.Readers, &r.Checkpointers, &r.Intruders}[role]
}

// Add adds what a participant reported, the next one of its role.
func (r *Round) Add(role Role, s Series) {
	all := r.series(role)
	*all = append(*all, s)
}

// All yields every participant of the round with its outcomes, role by role.
func (r Round) All() iter.Seq2[Participant, Series] {
	return func(yield func(Participant, Series) bool) {
		for role := Writer; role <= Intruder; role++ {
			for number, series := range *r.series(role) {
				if !yield(Participant{role, number}, series) {
					return
				}
			}
		}
	}
}

// OtherHold is a time in which a participant that is not a writer held the write lock.
type OtherHold struct {
	By Participant
	Span
	Phase Phase
}

// OtherHolds returns when participants that are not writers held the write lock. A checkpoint
// does not report when it acquired it, only that it had it at its end. It is taken to have had it
// since the last time that a writer released it, or since its start.
func (r Round) OtherHolds() (holds []OtherHold) {
	if len(r.Checkpointers) == 0 && len(r.Intruders) == 0 {
		return nil
	}
	releases := r.releases()
	for by, series := range r.All() {
		if by.Role != Checkpointer && by.Role != Intruder {
			continue
		}
		for _, o := range series.Outcomes {
			span := Span{o.LockAcquired, o.LockReleased}
			if span.To == 0 {
				continue
			}
			if span.From == 0 {
				before, _ := slices.BinarySearch(releases, span.To)
				span.From = o.Start
				if before > 0 {
					span.From = max(span.From, releases[before-1])
				}
			}
			holds = append(holds, OtherHold{by, span, o.Phase})
		}
	}
	return holds
}

// releases returns the instants at which writers released the write lock, in order.
func (r Round) releases() (all []int64) {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.LockReleased != 0 {
				all = append(all, o.LockReleased)
			}
		}
		for _, hold := range w.FailedHolds {
			all = append(all, hold.To)
		}
	}
	slices.Sort(all)
	return all
}

// Size is the size of a file at an instant.
type Size struct{ At, Bytes int64 }

// WALBytes returns the largest size that the file of the write-ahead log was seen to have.
func (r Round) WALBytes() (largest int64) {
	for _, s := range r.WALSizes {
		largest = max(largest, s.Bytes)
	}
	return largest
}
