package writer

import "slices"

// chunkLength keeps a chunk of outcomes at 32 KB: large enough that a fast writer rarely needs
// another, small enough that a writer stays small.
const chunkLength = 512

// chunks gathers outcomes or ids while a round runs. Growing one slice instead would copy all of
// them again and again, in the middle of what is being measured.
type chunks[T any] struct {
	full [][]T
	last []T
}

func (c *chunks[T]) add(values ...T) {
	for _, v := range values {
		if len(c.last) == cap(c.last) {
			if c.last != nil {
				c.full = append(c.full, c.last)
			}
			c.last = make([]T, 0, chunkLength)
		}
		c.last = append(c.last, v)
	}
}

func (c *chunks[T]) joined() []T {
	return slices.Concat(append(c.full, c.last)...)
}
