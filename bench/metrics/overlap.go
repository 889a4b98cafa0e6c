package metrics

import (
	"cmp"
	"slices"

	"busybench/bench/outcome"
)

// maxOverlap returns the max number of a round's attempts in flight at once: begun, and not ended.
func maxOverlap(writers []outcome.Series) (overlap int) {
	type change struct {
		at   int64
		step int
	}
	var changes []change
	for _, w := range writers {
		for _, o := range w.Outcomes {
			changes = append(changes, change{o.Start, +1}, change{o.End, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int {
		// An attempt that ends as another begins does not meet it.
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.step, b.step))
	})
	now := 0
	for _, c := range changes {
		now += c.step
		overlap = max(overlap, now)
	}
	return overlap
}
