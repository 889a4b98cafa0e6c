package blame

import (
	"cmp"
	"slices"
	"sort"

	"busybench/bench/outcome"
)

// cover is a set of instants: spans in order, none of which overlaps the next.
type cover struct {
	spans  []outcome.Span
	before []int64 // by span: length of all earlier ones
}

func newCover(spans []outcome.Span) cover {
	c := cover{spans: spans, before: make([]int64, len(spans)+1)}
	for i, s := range spans {
		c.before[i+1] = c.before[i] + s.To - s.From
	}
	return c
}

// within returns how much of a span is covered.
func (c cover) within(s outcome.Span) int64 { return c.until(s.To) - c.until(s.From) }

// until returns how much of the time before an instant is covered.
func (c cover) until(at int64) int64 {
	n := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].From >= at })
	if n == 0 {
		return 0
	}
	last := c.spans[n-1]
	return c.before[n-1] + min(last.To, at) - last.From
}

// merge sorts spans and joins those that overlap.
func merge(spans []outcome.Span) (merged []outcome.Span) {
	slices.SortFunc(spans, func(a, b outcome.Span) int { return cmp.Compare(a.From, b.From) })
	for _, s := range spans {
		if n := len(merged); n > 0 && s.From <= merged[n-1].To {
			merged[n-1].To = max(merged[n-1].To, s.To)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// gaps returns the parts of merged spans that are not in others, which are in order and do not
// overlap.
func gaps(spans, others []outcome.Span) (left []outcome.Span) {
	next := 0
	for _, s := range spans {
		for next < len(others) && others[next].To <= s.From {
			next++
		}
		from := s.From
		for i := next; i < len(others) && others[i].From < s.To; i++ {
			if others[i].From > from {
				left = append(left, outcome.Span{From: from, To: others[i].From})
			}
			from = max(from, others[i].To)
		}
		if from < s.To {
			left = append(left, outcome.Span{From: from, To: s.To})
		}
	}
	return left
}
