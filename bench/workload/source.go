package workload

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// Source draws the values of parameters. Make one with [NewSource].
type Source struct {
	pcg    *rand.PCG
	random *rand.Rand
	zipfs  map[uint64]*rand.Zipf // by the largest number
}

// NewSource returns a source that has to be seeded.
func NewSource() *Source {
	pcg := rand.NewPCG(0, 0)
	return &Source{pcg, rand.New(pcg), map[uint64]*rand.Zipf{}}
}

// Seed begins a sequence of draws.
func (s *Source) Seed(a, b uint64) { s.pcg.Seed(a, b) }

// SeedFor begins the draws of a statement of the run with an id, by its number from 1, or with 0
// the choice of its section. So they do not depend on whether statements before were run again.
func (s *Source) SeedFor(id [16]byte, statement int) {
	const spread = 0x9e3779b97f4a7c15 // 2^64 by the golden ratio
	s.Seed(binary.LittleEndian.Uint64(id[:8]),
		binary.LittleEndian.Uint64(id[8:])+uint64(statement)*spread)
}

// Below returns a whole number from 0 to below n.
func (s *Source) Below(n int64) int64 { return s.random.Int64N(n) }

// Int draws the value of a parameter of kind [Random] or [Zipf].
func (s *Source) Int(p Parameter) int64 {
	width := uint64(p.B) - uint64(p.A)
	switch {
	case p.Kind == Zipf:
		return int64(uint64(p.A) + s.zipf(width).Uint64())
	case width == math.MaxUint64:
		return int64(s.random.Uint64())
	}
	return int64(uint64(p.A) + s.random.Uint64N(width+1))
}

// zipfExponent makes about a fifth of all draws from a thousand numbers the first one.
const zipfExponent = 1.1

// zipf returns the generator of the numbers from 0 to the largest one.
func (s *Source) zipf(largest uint64) *rand.Zipf {
	z := s.zipfs[largest]
	if z == nil {
		z = rand.NewZipf(s.random, zipfExponent, 1, largest)
		s.zipfs[largest] = z
	}
	return z
}

// letters are what a text consists of: 64, so that six bits choose one.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// Text draws the value of a parameter of kind [Text].
func (s *Source) Text(p Parameter) string {
	text := make([]byte, p.A)
	var bits uint64
	for i := range text {
		if i%10 == 0 {
			bits = s.random.Uint64()
		}
		text[i] = letters[bits&63]
		bits >>= 6
	}
	return string(text)
}
