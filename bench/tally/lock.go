package tally

import (
	"slices"

	"busybench/bench/writer"
)

// change is an instant at which one more or one less writer waits for the write lock or holds it.
type change struct {
	at               int64
	waiting, holding int
}

// LockSpan is a stretch of time in which some writer held the write lock, or, where none did, some writer waited
// for it.
type LockSpan struct {
	writer.Span
	Held bool
}

// LockUse goes through a round, from one instant of host.Now to another, and says when the write lock was held and when
// it was idle though somebody waited, in order. What is in neither is time in which nobody waited.
func LockUse(from, to int64, writers []writer.Outcomes) (spans []LockSpan) {
	changes := changesOf(writers)
	slices.SortFunc(changes, func(a, b change) int { return int(a.at - b.at) })
	waiting, holding := 0, 0
	last := from
	for _, c := range append(changes, change{at: to}) {
		if now := min(max(c.at, from), to); now > last {
			if holding > 0 || waiting > 0 {
				spans = appendSpan(spans, LockSpan{writer.Span{From: last, To: now}, holding > 0})
			}
			last = now
		}
		waiting += c.waiting
		holding += c.holding
	}
	return spans
}

// appendSpan appends a span, or makes the last one longer where it only goes on.
func appendSpan(spans []LockSpan, s LockSpan) []LockSpan {
	if n := len(spans); n > 0 && spans[n-1].To == s.From && spans[n-1].Held == s.Held {
		spans[n-1].To = s.To
		return spans
	}
	return append(spans, s)
}

// lockUse sums up for how long the write lock was held and idle, in ns.
func lockUse(from, to int64, writers []writer.Outcomes) (held, idle int64) {
	for _, s := range LockUse(from, to, writers) {
		if s.Held {
			held += s.To - s.From
		} else {
			idle += s.To - s.From
		}
	}
	return held, idle
}

func changesOf(writers []writer.Outcomes) (changes []change) {
	hold := func(from, to int64) {
		changes = append(changes, change{at: from, holding: 1}, change{at: to, holding: -1})
	}
	for _, w := range writers {
		for _, o := range w.List {
			if o.Asked != 0 {
				changes = append(changes, change{at: o.Asked, waiting: 1}, change{at: waitedUntil(o), waiting: -1})
			}
			if o.Got != 0 {
				hold(o.Got, o.LetGo)
			}
		}
		for _, v := range w.Vain {
			hold(v.From, v.To)
		}
	}
	return changes
}

// waitedUntil is when an attempt got the write lock, or ended without it.
func waitedUntil(o writer.Outcome) int64 {
	if o.Got != 0 {
		return o.Got
	}
	return o.End
}

// starved is the longest time that a writer went without an acknowledgement, from the release on and until the round was over for
// it: at its end or, where an attempt of its own was under way then, with that.
func starved(at, until int64, outcomes []writer.Outcome) (longest int64) {
	last := at
	for _, o := range outcomes {
		until = max(until, o.End)
		if o.Acknowledged() {
			longest = max(longest, o.End-last)
			last = o.End
		}
	}
	return max(longest, until-last)
}
