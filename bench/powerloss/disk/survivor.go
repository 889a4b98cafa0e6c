package disk

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// Sector is the size in bytes of what a disk writes whole or not at all.
const Sector = 512

// Model says what a cut does to pending changes. Its text form is its name.
type Model uint8

// The models.
const (
	None     Model = iota // all changes are kept: a control
	All                   // all are lost
	Random                // each is kept or lost by itself, with a probability of its file's own
	Torn                  // the same, and each sector of a write by itself
	Metadata              // data is kept; names and sizes are kept or lost, each by itself
)

// Models lists all models.
var Models = []Model{None, All, Random, Torn, Metadata}

var modelNames = []string{"none", "all", "random", "torn", "metadata"}

func (m Model) String() string { return modelNames[m] }

// ParseModel returns the model of a name.
func ParseModel(name string) (Model, error) {
	i := slices.Index(modelNames, name)
	if i < 0 {
		return 0, fmt.Errorf("unknown model %q; the models are %q", name, modelNames)
	}
	return Model(i), nil
}

// State is a disk at an instant. After a cut it stays as it is.
type State struct{ disk *Disk }

// Survivor returns the files that a cut at this instant leaves, by name. What is kept and lost
// follows from the model and the seed.
func (s State) Survivor(m Model, seed uint64) map[string][]byte {
	c := chance{m, rand.New(rand.NewPCG(seed, uint64(m)))}
	names := maps.Clone(s.disk.durable)
	share := c.share()
	for _, e := range s.disk.pending {
		if c.keeps(share, true) {
			e.apply(names)
		}
	}
	files := map[string][]byte{}
	contents := map[*File][]byte{} // of a file with two names
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := names[name]
		if _, ok := contents[f]; !ok {
			contents[f] = c.content(f)
		}
		files[name] = contents[f]
	}
	return files
}

// chance draws what is kept.
type chance struct {
	model Model
	*rand.Rand
}

// share draws the probability with which the changes of a file are kept. The extremes are frequent:
// a file that is kept beside one that is lost shows a missing barrier.
func (c chance) share() float64 {
	switch c.IntN(4) {
	case 0:
		return 0
	case 1:
		return 1
	}
	return c.Float64()
}

// keeps reports whether a change is kept. Metadata are names and sizes.
func (c chance) keeps(share float64, metadata bool) bool {
	switch c.model {
	case None:
		return true
	case All:
		return false
	case Metadata:
		return !metadata || c.Float64() < share
	}
	return c.Float64() < share
}

// content returns what is left of a file.
func (c chance) content(f *File) []byte {
	content, share := slices.Clone(f.durable), c.share()
	for _, w := range f.pending {
		for _, part := range c.parts(w) {
			if c.keeps(share, part.data == nil) {
				content = part.apply(content)
			}
		}
	}
	return content
}

// parts returns the parts of a write that are kept or lost by themselves.
func (c chance) parts(w write) (parts []write) {
	if c.model != Torn || w.data == nil {
		return []write{w}
	}
	for len(w.data) > 0 {
		n := min(Sector-w.offset%Sector, len(w.data))
		parts = append(parts, write{w.offset, w.data[:n]})
		w.offset += n
		w.data = w.data[n:]
	}
	return parts
}
