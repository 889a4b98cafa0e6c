// Package blame says who held the write lock while a participant waited for it. It computes this
// from the outcomes of a round alone.
package blame

import (
	"sort"

	"busybench/bench/outcome"
)

// Wait is a time in which a participant waited for a lock.
type Wait struct {
	By outcome.Participant
	outcome.Span
	// ForReaders is true if readers may have kept the participant waiting.
	ForReaders bool
}

// LongWait is the wait above which an attempt that got the lock is blamed, too, in ns.
const LongWait = 1_000_000_000

// NewWait returns the time for which an attempt has others to blame, and false if it has none: it
// neither ended in a lock error nor waited for more than [LongWait].
//
// It begins when the lock was refused for the first time and ends when the attempt had it or
// failed. A COMMIT that failed waited for readers while the attempt itself held the write lock, and
// a checkpoint may have waited for them, too. A stale snapshot is the work of those who wrote
// during the transaction, whose whole time counts.
func NewWait(by outcome.Participant, o outcome.Outcome) (Wait, bool) {
	w := Wait{By: by, Span: outcome.Span{From: o.WaitStart, To: o.LockAcquired}}
	switch {
	case !o.LockError():
		return w, w.From != 0 && w.To-w.From > LongWait
	case o.LockAcquired != 0:
		w.Span = outcome.Span{From: max(o.LockAcquired, o.CommitStart), To: o.LockReleased}
		w.ForReaders = true
	case o.Code == outcome.BusySnapshot:
		w.Span = outcome.Span{From: o.Start + o.OpenDuration, To: o.End}
	default:
		w.To = o.End
		w.ForReaders = o.Phase == outcome.Checkpoint
	}
	if w.From == 0 {
		w.From = w.To
	}
	w.To = max(w.From, w.To)
	return w, true
}

// Blame says what happened to the write lock during a wait. The times, in ns, add up to its length.
type Blame struct {
	Held    int64 // by other participants
	Own     int64 // by the one that waited
	Unknown int64 // perhaps held by one that did not report when
	Idle    int64 // no participant held it

	Holders int  // other participants that held it, each counted once
	Longest Hold // longest one of theirs, whole, even if the wait has only a part of it

	// Of a wait for readers: how many participants read, and the longest read, whole.
	Readers     int
	LongestRead Hold
}

// History is when the write lock was held in a round, and when participants read. Make one with
// [NewHistory].
type History struct {
	holds   []Hold
	own     map[outcome.Participant][]int // indexes of the holds of each participant
	held    cover
	unknown cover
	longest longest
	readers readers
}

// NewHistory returns the history of a round.
func NewHistory(r outcome.Round) *History {
	holds, unknown := Holds(r)
	return newHistory(holds, unknown, Reads(r))
}

// newHistory returns a history with these holds, these times in which the lock may have been held,
// and these reads. It keeps the slices.
func newHistory(holds []Hold, unknown []outcome.Span, reads []Hold) *History {
	makeExclusive(holds)
	h := &History{
		holds: holds, own: map[outcome.Participant][]int{}, longest: newLongest(holds),
		readers: newReaders(reads),
	}
	var spans []outcome.Span
	for i, hold := range holds {
		h.own[hold.By] = append(h.own[hold.By], i)
		spans = append(spans, hold.Span)
	}
	h.held = newCover(spans)
	h.unknown = newCover(gaps(merge(unknown), spans))
	return h
}

// Blame returns the blame of each wait, in the order of the waits.
func (h *History) Blame(waits []Wait) []Blame {
	windows, all := make([]window, len(waits)), make([]Blame, len(waits))
	for i, w := range waits {
		windows[i] = h.window(w.Span)
	}
	for i, holders := range countDistinct(h.holds, windows) {
		all[i] = h.blame(waits[i], windows[i])
		all[i].Holders = holders
		if len(h.ownHolds(waits[i].By, windows[i])) > 0 {
			all[i].Holders--
		}
	}
	return all
}

// window returns the holds that a span overlaps, or within which the instant is if it has no
// length.
func (h *History) window(s outcome.Span) window {
	first := sort.Search(len(h.holds), func(i int) bool { return h.holds[i].To > s.From })
	last := sort.Search(len(h.holds), func(i int) bool {
		return h.holds[i].From >= s.To && h.holds[i].From > s.From
	})
	return window{first, max(first, last)}
}

// ownHolds returns the indexes of a participant's holds in a window.
func (h *History) ownHolds(by outcome.Participant, w window) []int {
	own := h.own[by]
	return own[sort.SearchInts(own, w.first):sort.SearchInts(own, w.last)]
}

// blame returns everything but the number of holders.
func (h *History) blame(w Wait, in window) (b Blame) {
	best, first := none, in.first
	for _, i := range h.ownHolds(w.By, in) {
		b.Own += overlap(h.holds[i].Span, w.Span)
		best = h.longest.better(best, h.longest.in(window{first, i}))
		first = i + 1
	}
	best = h.longest.better(best, h.longest.in(window{first, in.last}))
	if best != none {
		b.Longest = h.holds[best]
	}
	b.Held = h.held.within(w.Span) - b.Own
	b.Unknown = h.unknown.within(w.Span)
	b.Idle = w.To - w.From - b.Held - b.Own - b.Unknown
	if w.ForReaders {
		b.Readers, b.LongestRead = h.readers.in(w.Span)
	}
	return b
}

// overlap returns how long two spans have in common.
func overlap(a, b outcome.Span) int64 { return max(0, min(a.To, b.To)-max(a.From, b.From)) }
