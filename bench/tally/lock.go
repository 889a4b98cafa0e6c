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

// lockUse goes through a round and says how much of the time between two instants some writer
// held the write lock, and how much of it some writer waited while none did, in ns.
func lockUse(from, to int64, writers []writer.Outcomes) (held, idle int64) {
	changes := changesOf(writers)
	slices.SortFunc(changes, func(a, b change) int { return int(a.at - b.at) })
	waiting, holding := 0, 0
	last := from
	for _, c := range append(changes, change{at: to}) {
		if now := min(max(c.at, from), to); now > last {
			switch {
			case holding > 0:
				held += now - last
			case waiting > 0:
				idle += now - last
			}
			last = now
		}
		waiting += c.waiting
		holding += c.holding
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
