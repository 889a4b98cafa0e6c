package blame

import (
	"cmp"
	"sort"

	"busybench/bench/outcome"
)

// Reads returns the times in which participants other than writers read, in which a COMMIT with a
// rollback journal and a checkpoint must wait for them. Each participant's are in order.
func Reads(r outcome.Round) (reads []Hold) {
	for by, series := range r.All() {
		if by.Role == outcome.Writer {
			continue
		}
		for _, o := range series.Outcomes {
			reading := o.Phase == outcome.Read || o.Phase == outcome.Backup
			if reading && !o.LockError() {
				span := outcome.Span{From: cmp.Or(o.LockAcquired, o.Start), To: o.End}
				reads = append(reads, Hold{By: by, Span: span, Step: o.Phase.String()})
			}
		}
	}
	return reads
}

// readers are the reads of one participant after the other.
type readers []longest

func newReaders(reads []Hold) (all readers) {
	first := 0
	for i := range reads {
		if i+1 == len(reads) || reads[i+1].By != reads[i].By {
			all = append(all, newLongest(reads[first:i+1]))
			first = i + 1
		}
	}
	return all
}

// in returns how many participants read within a span, and the longest of these reads.
func (all readers) in(s outcome.Span) (count int, read Hold) {
	for _, r := range all {
		first := sort.Search(len(r.holds), func(i int) bool { return r.holds[i].To > s.From })
		last := sort.Search(len(r.holds), func(i int) bool { return r.holds[i].From >= s.To })
		best := r.in(window{first, max(first, last)})
		if best == none {
			continue
		}
		count++
		if h := r.holds[best]; h.To-h.From > read.To-read.From {
			read = h
		}
	}
	return count, read
}
