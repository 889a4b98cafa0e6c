package disk

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

// program is a program that saves values, each of which is acknowledged when save returns. After a
// cut the last acknowledged value must be there, or the one that was being saved.
type program struct {
	name   string
	create func(*storage)           // once, durable in the end
	save   func(*storage, int)      // the value of a number
	load   func(files files) []byte // after a cut, nil if nothing is there
}

type files = map[string][]byte

// storage counts the syncs of a program and leaves one out.
type storage struct {
	*Disk
	t     *testing.T
	syncs int
	omit  int // number of the sync to leave out, from 1
}

func (s *storage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *storage) sync(do func() error) {
	if s.syncs++; s.syncs != s.omit {
		s.must(do())
	}
}

func (s *storage) open(name string) *File {
	f, err := s.Open(name)
	if err != nil {
		f, err = s.Create(name)
	}
	s.must(err)
	return f
}

// value is a page of two sectors.
func value(number int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%015d\n", number), 2*Sector/16)
}

// programs save in the three ways that databases have: a new file in place of the old one, a log
// that grows, and a page that is overwritten after it was copied into a journal.
var programs = []program{
	{
		name:   "a new file is renamed",
		create: func(s *storage) { renamed(s, 0) },
		save:   renamed,
		load:   func(f files) []byte { return f["value"] },
	},
	{
		name: "a log grows",
		create: func(s *storage) {
			f := s.open("log")
			s.must(f.WriteAt(value(0), 0))
			s.sync(f.Sync)
			s.sync(s.SyncDir)
		},
		save: func(s *storage, number int) {
			f := s.open("log")
			s.must(f.WriteAt(value(number), number*len(value(0))))
			s.sync(f.Sync)
		},
		load: func(f files) (last []byte) {
			for page := range slices.Chunk(f["log"], len(value(0))) {
				if !whole(page) {
					break
				}
				last = page
			}
			return last
		},
	},
	{
		name: "a page is overwritten",
		create: func(s *storage) {
			f := s.open("page")
			s.must(f.WriteAt(value(0), 0))
			s.sync(f.Sync)
			s.sync(s.SyncDir)
		},
		save: overwritten,
		load: func(f files) []byte {
			if whole(f["journal"]) {
				return f["journal"]
			}
			return f["page"]
		},
	},
}

func renamed(s *storage, number int) {
	f := s.open("new")
	s.must(f.WriteAt(value(number), 0))
	s.sync(f.Sync)
	s.must(s.Rename("new", "value"))
	s.sync(s.SyncDir)
}

func overwritten(s *storage, number int) {
	page, journal := s.open("page"), s.open("journal")
	old := make([]byte, len(value(0)))
	_, err := page.ReadAt(old, 0)
	s.must(err)
	s.must(journal.WriteAt(old, 0))
	s.sync(journal.Sync)
	s.sync(s.SyncDir)
	s.must(page.WriteAt(value(number), 0))
	s.sync(page.Sync)
	s.must(s.Remove("journal"))
	s.sync(s.SyncDir)
}

// whole reports whether a page is a value.
func whole(page []byte) bool {
	var number int
	_, err := fmt.Sscan(string(page), &number)
	return err == nil && bytes.Equal(page, value(number))
}

const (
	saved = 3  // values that a program saves
	draws = 40 // survivors of each model and instant
)

// run runs a program that leaves a sync out, and returns how many syncs it has, and how many
// survivors are wrong, over all instants between two operations and all models.
func run(t *testing.T, p program, omit int) (syncs, wrong int) {
	s := &storage{Disk: New(), t: t, omit: omit}
	acknowledged, created := 0, false
	s.Before = func(state State) {
		if !created {
			return
		}
		for _, m := range Models {
			for seed := range uint64(draws) {
				got := p.load(state.Survivor(m, seed))
				if !bytes.Equal(got, value(acknowledged)) &&
					!bytes.Equal(got, value(acknowledged+1)) {
					wrong++
				}
			}
		}
	}
	p.create(s)
	created = true
	for number := 1; number <= saved; number++ {
		p.save(s, number)
		acknowledged = number
	}
	s.Before(s.Cut())
	return s.syncs, wrong
}

func TestAProgramThatSyncsLosesNothing(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			if _, wrong := run(t, p, 0); wrong > 0 {
				t.Errorf("%d survivors are wrong", wrong)
			}
		})
	}
}

func TestAProgramThatOmitsASyncIsCaught(t *testing.T) {
	for _, p := range programs {
		syncs, _ := run(t, p, 0)
		for omit := 1; omit <= syncs; omit++ {
			t.Run(fmt.Sprintf("%s, without sync %d", p.name, omit), func(t *testing.T) {
				if _, wrong := run(t, p, omit); wrong == 0 {
					t.Error("no survivor is wrong")
				}
			})
		}
	}
}
