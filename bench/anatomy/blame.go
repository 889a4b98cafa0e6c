package anatomy

import (
	"cmp"

	"busybench/bench/blame"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// Blame says who held the write lock during the waits of some attempts. The times are sums over the
// waits, in ns.
type Blame struct {
	Waited  int64 `json:"waited-ns"`  // the sum of the other four
	Held    int64 `json:"held-ns"`    // other participants held the lock
	Own     int64 `json:"own-ns"`     // the one that waited held it
	Unknown int64 `json:"unknown-ns"` // perhaps held by one that did not report when
	Idle    int64 `json:"idle-ns"`    // no participant held it

	Holders    int    `json:"holders"`          // other participants in a wait, median of the waits
	MaxHolders int    `json:"max-holders"`      // the same, maximum
	Longest    Holder `json:"longest,omitzero"` // the longest hold that met a wait

	// Of waits for readers: the most participants that read in a wait, and the longest read.
	Readers     int    `json:"readers,omitempty"`
	LongestRead Holder `json:"longest-read,omitzero"`
}

// Holder describes a hold of the write lock, or a read.
type Holder struct {
	Role   outcome.Role `json:"role"`
	Number int          `json:"number"`
	Step   string       `json:"phase"` // in which most of the time passed, or the statement
	Held   int64        `json:"held-ns"`
}

// add adds what happened during some waits, except for the median of the holders.
func (b *Blame) add(other Blame) {
	b.Waited += other.Waited
	b.Held += other.Held
	b.Own += other.Own
	b.Unknown += other.Unknown
	b.Idle += other.Idle
	b.MaxHolders = max(b.MaxHolders, other.MaxHolders)
	if other.Longest.Held > b.Longest.Held || b.Longest == (Holder{}) {
		b.Longest = other.Longest
	}
	b.Readers = max(b.Readers, other.Readers)
	if other.LongestRead.Held > b.LongestRead.Held {
		b.LongestRead = other.LongestRead
	}
}

// blamed is what is known of some attempts that waited.
type blamed struct {
	waits   []int64 // how long they waited, in ns
	holders []int64 // how many others held the lock meanwhile
	sum     Blame
}

// newBlame returns the blame of a single wait.
func (a *Anatomy) newBlame(w blame.Wait, b blame.Blame) Blame {
	of := Blame{
		Waited: w.To - w.From, Held: b.Held, Own: b.Own, Unknown: b.Unknown, Idle: b.Idle,
		MaxHolders: b.Holders, Readers: b.Readers,
	}
	if b.Holders > 0 {
		of.Longest = a.newHolder(b.Longest)
	}
	if b.Readers > 0 {
		of.LongestRead = a.newHolder(b.LongestRead)
	}
	return of
}

// newHolder returns a hold, with the statement that took longest.
func (a *Anatomy) newHolder(h blame.Hold) Holder {
	step := cmp.Or(a.file.Place(int(h.Line)).String(), h.Step)
	return Holder{h.By.Role, h.By.Number, step, h.To - h.From}
}

func (b *blamed) add(waited int64, of Blame) {
	b.waits = append(b.waits, waited)
	b.holders = append(b.holders, int64(of.MaxHolders))
	b.sum.add(of)
}

func (b *blamed) merge(other *blamed) {
	b.waits = append(b.waits, other.waits...)
	b.holders = append(b.holders, other.holders...)
	b.sum.add(other.sum)
}

// blame returns the sum over all waits.
func (b *blamed) blame() Blame {
	sum := b.sum
	sum.Holders = int(metrics.Quantile(b.holders, 0.5))
	return sum
}

// LongWaits describes the attempts that were acknowledged after a wait of more than
// [blame.LongWait].
type LongWaits struct {
	Count  int   `json:"count"`
	Median int64 `json:"median-ns"` // of the times waited for the lock
	Max    int64 `json:"max-ns"`
	Blame  Blame `json:"blame"`
}

func (b *blamed) longWaits() LongWaits {
	if len(b.waits) == 0 {
		return LongWaits{}
	}
	return LongWaits{
		Count: len(b.waits), Median: int64(metrics.Median(b.waits)),
		Max: metrics.Quantile(b.waits, 1), Blame: b.blame(),
	}
}
