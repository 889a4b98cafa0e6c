package metrics

import (
	"slices"

	"busybench/bench/outcome"
)

// LockSpan is a time in which a participant held the write lock, or in which none held it but at
// least one writer waited for it.
type LockSpan struct {
	outcome.Span
	Held bool
}

// LockUse returns, in order, when in a round's measured time the write lock was held and when it
// was idle while writers waited. In the rest of the time no participant held it and no writer
// waited for it.
func LockUse(r outcome.Round) (spans []LockSpan) {
	changes := lockChanges(r)
	slices.SortFunc(changes, func(a, b lockChange) int { return int(a.at - b.at) })
	waiting, holding := 0, 0
	end := r.End()
	last := r.Release
	for _, c := range append(changes, lockChange{at: end}) {
		if now := min(max(c.at, r.Release), end); now > last {
			if holding > 0 || waiting > 0 {
				span := outcome.Span{From: last, To: now}
				spans = appendLockSpan(spans, LockSpan{span, holding > 0})
			}
			last = now
		}
		waiting += c.waiting
		holding += c.holding
	}
	return spans
}

// appendLockSpan appends a span, or extends the last one if it continues.
func appendLockSpan(spans []LockSpan, s LockSpan) []LockSpan {
	if n := len(spans); n > 0 && spans[n-1].To == s.From && spans[n-1].Held == s.Held {
		spans[n-1].To = s.To
		return spans
	}
	return append(spans, s)
}

// lockUse sums up how long the write lock was held and how long it was idle, in ns.
func lockUse(r outcome.Round) (held, idle int64) {
	for _, s := range LockUse(r) {
		if s.Held {
			held += s.To - s.From
		} else {
			idle += s.To - s.From
		}
	}
	return held, idle
}

// lockChange is an instant at which the numbers change of writers that wait for the write lock, and
// of participants that hold it.
type lockChange struct {
	at               int64
	waiting, holding int
}

func lockChanges(r outcome.Round) (changes []lockChange) {
	wait := func(from, to int64) {
		changes = append(changes, lockChange{at: from, waiting: 1}, lockChange{at: to, waiting: -1})
	}
	hold := func(from, to int64) {
		changes = append(changes, lockChange{at: from, holding: 1}, lockChange{at: to, holding: -1})
	}
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.WaitStart != 0 {
				wait(o.WaitStart, waitEnd(o))
			}
			if o.LockAcquired != 0 {
				hold(o.LockAcquired, o.LockReleased)
			}
		}
		for _, s := range w.FailedHolds {
			hold(s.From, s.To)
		}
	}
	for _, h := range r.OtherHolds() {
		hold(h.From, h.To)
	}
	return changes
}

// waitEnd returns when an attempt had the write lock, or ended without it.
func waitEnd(o outcome.Outcome) int64 {
	if o.LockAcquired != 0 {
		return o.LockAcquired
	}
	return o.End
}
