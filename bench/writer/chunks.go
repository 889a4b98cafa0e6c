package writer

import "slices"

// chunkLength keeps a chunk of outcomes at 40 KB: large enough that a fast writer rarely needs
// another, small enough that a writer stays small.
const chunkLength = 512

// chunks gathers outcomes while a round runs. Growing one slice instead would copy all outcomes
// again and again, in the middle of what is being measured.
type chunks struct {
	full [][]Outcome
	last []Outcome
}

func (c *chunks) add(o Outcome) {
	if len(c.last) == cap(c.last) {
		if c.last != nil {
			c.full = append(c.full, c.last)
		}
		c.last = make([]Outcome, 0, chunkLength)
	}
	c.last = append(c.last, o)
}

func (c *chunks) joined() []Outcome {
	return slices.Concat(append(c.full, c.last)...)
}
