package main

import (
	"slices"
	"time"
)

// hold is a time in which each look found the same process with the write lock, and nothing says
// that it released it between them.
type hold struct {
	pid      int
	role     role // at the last look
	from, to time.Duration
	looks    int

	changes   uint32 // the counter of commits at the first look
	committed bool   // the counter went up, in a look in which the lock was held still
}

// length is how long the lock was held at least: from the first look to the last one.
func (h hold) length() time.Duration { return h.to - h.from }

// watch sums samples up.
type watch struct {
	holds        []hold
	looks, taken int           // looks, and those that found the lock held
	last         time.Duration // of the last look
	maxGap       time.Duration // between two looks

	first, changes uint32 // the counter of commits at the first and the last look
	open           bool   // the last hold goes on
}

// add adds a look.
func (w *watch) add(s sample) {
	if w.looks == 0 {
		w.first = s.changes
	} else {
		w.maxGap = max(w.maxGap, s.at-w.last)
	}
	w.looks++
	w.last, w.changes = s.at, s.changes
	if s.pid == noProcess {
		w.open = false
		return
	}
	w.taken++
	if !w.open || !w.holds[len(w.holds)-1].extend(s) {
		w.holds = append(w.holds, hold{pid: s.pid, role: s.role, from: s.at, to: s.at, looks: 1,
			changes: s.changes})
		w.open = true
	}
}

// extend adds a look to a hold, unless it found another hold: one of another process, or one after
// a commit. With a rollback journal the counter goes up while the lock is held, in the commit, and
// then the role goes down. In WAL mode the lock is released at once after the counter went up.
func (h *hold) extend(s sample) bool {
	counted := s.changes != h.changes
	switch {
	case s.pid != h.pid, s.role > h.role, counted && s.role == walWriter,
		counted && h.committed:
		return false
	}
	if counted {
		h.committed, h.changes = true, s.changes
	}
	h.role, h.to = s.role, s.at
	h.looks++
	return true
}

// commits returns how many transactions were committed from the first look to the last one.
func (w *watch) commits() int { return int(w.changes - w.first) }

// current returns the hold that the last look found.
func (w *watch) current() (h hold, ok bool) {
	if !w.open {
		return hold{}, false
	}
	return w.holds[len(w.holds)-1], true
}

// usage is what one process did with the write lock.
type usage struct {
	pid, looks, holds int
	longest           hold
}

// usages returns the processes that had the write lock, those that had it longest first.
func (w *watch) usages() (all []usage) {
	for _, h := range w.holds {
		i := slices.IndexFunc(all, func(u usage) bool { return u.pid == h.pid })
		if i < 0 {
			i = len(all)
			all = append(all, usage{pid: h.pid, longest: h})
		}
		u := &all[i]
		u.looks += h.looks
		u.holds++
		if h.length() > u.longest.length() {
			u.longest = h
		}
	}
	slices.SortStableFunc(all, func(a, b usage) int { return b.looks - a.looks })
	return all
}

// share is the share of all looks, which estimates the share of time.
func (w *watch) share(looks int) float64 { return float64(looks) / float64(max(w.looks, 1)) }
