package blame

import (
	"cmp"
	"slices"

	"busybench/bench/outcome"
)

// window is a range of a history's holds, by index, without the last.
type window struct{ first, last int }

// countDistinct returns for each window how many participants have a hold in it. It passes over the
// holds once, and marks the latest hold of each participant so far: the marks in a window that ends
// here are its participants.
func countDistinct(holds []Hold, windows []window) []int {
	counts := make([]int, len(windows))
	order := make([]int, len(windows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(windows[a].last, windows[b].last)
	})
	latest := map[outcome.Participant]int{}
	marks := make(sums, len(holds)+1)
	passed := 0
	for _, i := range order {
		w := windows[i]
		for ; passed < w.last; passed++ {
			if before, ok := latest[holds[passed].By]; ok {
				marks.add(before, -1)
			}
			latest[holds[passed].By] = passed
			marks.add(passed, 1)
		}
		counts[i] = marks.sum(w.last) - marks.sum(w.first)
	}
	return counts
}

// sums is a Fenwick tree: numbers by index, whose partial sums take logarithmic time.
type sums []int

func (s sums) add(i, n int) {
	for i++; i < len(s); i += i & -i {
		s[i] += n
	}
}

// sum returns the sum of the numbers before an index.
func (s sums) sum(i int) (n int) {
	for ; i > 0; i -= i & -i {
		n += s[i]
	}
	return n
}

// longest finds the longest hold of a window. It is a segment tree: the leaves are the indexes of
// the holds, and each inner node is the better one of its two children.
type longest struct {
	holds []Hold
	nodes []int
}

func newLongest(holds []Hold) longest {
	n := len(holds)
	l := longest{holds, make([]int, 2*n)}
	for i := range n {
		l.nodes[n+i] = i
	}
	for i := n - 1; i > 0; i-- {
		l.nodes[i] = l.better(l.nodes[2*i], l.nodes[2*i+1])
	}
	return l
}

// none is the index of no hold.
const none = -1

// better returns the index of the longer hold, of the earlier one if they are equal.
func (l longest) better(a, b int) int {
	if a == none || b == none {
		return max(a, b)
	}
	x, y := l.holds[a], l.holds[b]
	if d := (y.To - y.From) - (x.To - x.From); d > 0 || d == 0 && b < a {
		return b
	}
	return a
}

// in returns the index of the longest hold of a window, or none.
func (l longest) in(w window) int {
	best, n := none, len(l.holds)
	for i, j := n+w.first, n+w.last; i < j; i, j = i/2, j/2 {
		if i%2 == 1 {
			best = l.better(best, l.nodes[i])
			i++
		}
		if j%2 == 1 {
			j--
			best = l.better(best, l.nodes[j])
		}
	}
	return best
}
