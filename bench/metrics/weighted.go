package metrics

import (
	"cmp"
	"slices"
)

// weighted holds values with weights, for quantiles of the weight.
//
// Quantiles over attempts depend on how many attempts the lucky writers make: a thousand short ones
// hide a few long ones, although most writers spend most of the time in these. That is coordinated
// omission (G. Tene, "How NOT to Measure Latency", 2013). With the time in which a caller could
// have arrived as its weight, each attempt counts as long as it lasts.
type weighted struct{ items []weightedItem }

type weightedItem struct{ value, weight int64 }

// add adds a value. One without weight is left out.
func (w *weighted) add(value, weight int64) {
	if weight > 0 {
		w.items = append(w.items, weightedItem{value, weight})
	}
}

// quantile returns the smallest value v such that at least the share q of all weight is on v or
// less. It returns 0 if there are no values. It sorts the values in place.
func (w *weighted) quantile(q float64) int64 {
	slices.SortFunc(w.items, func(a, b weightedItem) int { return cmp.Compare(a.value, b.value) })
	var all, sum float64
	for _, item := range w.items {
		all += float64(item.weight)
	}
	for _, item := range w.items {
		if sum += float64(item.weight); sum >= q*all {
			return item.value
		}
	}
	return 0
}
