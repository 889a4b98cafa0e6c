package writer

import (
	"slices"

	"busybench/bench/outcome"
)

// chunkLength keeps a chunk of outcomes near 40 KB: large enough that a fast writer rarely needs
// another, small enough that a writer stays small.
const chunkLength = 512

// chunks collects outcomes while a round runs. Growing one slice instead would copy all outcomes
// repeatedly, in the middle of the measurement.
type chunks struct {
	full [][]outcome.Outcome
	last []outcome.Outcome
}

// newChunks returns room for the outcomes of a round. A burst has one.
func newChunks(m outcome.Mode) *chunks {
	if m == outcome.Burst {
		return &chunks{last: make([]outcome.Outcome, 0, 1)}
	}
	return &chunks{}
}

func (c *chunks) add(o outcome.Outcome) {
	if len(c.last) == cap(c.last) {
		if c.last != nil {
			c.full = append(c.full, c.last)
		}
		c.last = make([]outcome.Outcome, 0, chunkLength)
	}
	c.last = append(c.last, o)
}

func (c *chunks) join() []outcome.Outcome {
	return slices.Concat(append(c.full, c.last)...)
}
