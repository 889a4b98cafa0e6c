package metrics

import (
	"slices"

	"busybench/bench/outcome"
)

// stall returns the longest part of the measured time in which no writer got an acknowledgement.
func stall(r outcome.Round) (longest int64) {
	var acks []int64
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.Acknowledged() && o.End <= r.End() {
				acks = append(acks, o.End)
			}
		}
	}
	slices.Sort(acks)
	last := r.Release
	for _, ack := range append(acks, r.End()) {
		longest = max(longest, ack-last)
		last = ack
	}
	return longest
}

// acknowledgedRows counts the rows of all attempts, those after a sustained round included.
func acknowledgedRows(r outcome.Round) (rows int) {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.Acknowledged() {
				rows += w.Batch()
			}
		}
	}
	return rows
}
