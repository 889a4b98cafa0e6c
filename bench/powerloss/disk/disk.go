// Package disk is a model of a disk that can lose power: a directory of files in memory that knows
// what is durable and what is not.
//
// The rules are those of POSIX, read strictly. A write, a truncation and a change of the directory
// are visible at once, and pending. [File.Sync] makes the content and the size of a file durable,
// but not its name. [Disk.SyncDir] makes the names durable, but no content. A file that is synced,
// and whose name is not, can be missing after a cut; one whose name is durable can be empty.
// Pending changes become durable in any order, each by itself, or not at all: see [Model]. A rename
// is one change, and a write to a part of a sector does not damage the rest of it.
//
// The package knows neither FUSE nor SQLite.
package disk

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// ErrOff is the error of each operation after the power was cut.
var ErrOff = errors.New("the power is off")

// MaxPending is how many bytes of a file may be pending. Beyond it the oldest writes become
// durable, as a kernel writes back what has been dirty for long.
const MaxPending = 64 << 20

// Disk is a directory of files. Its methods may be called from several goroutines.
type Disk struct {
	// Before is called before each operation that changes something, sync included, unless it is
	// nil. It must not call operations.
	Before func(State)
	// IgnoreSync reports whether syncs of a name are acknowledged without effect, unless it is nil.
	// The name of the directory is ".".
	IgnoreSync func(name string) bool

	mu      sync.Mutex
	off     bool
	files   uint64           // that were made
	entries map[string]*File // as programs see them
	durable map[string]*File
	pending []entries
}

// entries is a change of the directory. A name without a file is removed.
type entries map[string]*File

// New returns an empty disk.
func New() *Disk { return &Disk{entries: map[string]*File{}, durable: map[string]*File{}} }

// Add adds a file that is durable.
func (d *Disk) Add(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.newFile(name)
	f.content, f.durable = slices.Clone(content), slices.Clone(content)
	d.entries[name], d.durable[name] = f, f
}

func (d *Disk) newFile(name string) *File {
	d.files++
	return &File{disk: d, name: name, number: d.files}
}

// change makes a change of the disk, which Before sees coming.
func (d *Disk) change(do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return ErrOff
	}
	if d.Before != nil {
		d.Before(State{d})
	}
	return do()
}

// read reads from the disk.
func (d *Disk) read(do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return ErrOff
	}
	return do()
}

// Open returns the file of a name.
func (d *Disk) Open(name string) (f *File, err error) {
	return f, d.read(func() error {
		if f = d.entries[name]; f == nil {
			return fs.ErrNotExist
		}
		return nil
	})
}

// Names returns the names of all files, sorted.
func (d *Disk) Names() (names []string, err error) {
	return names, d.read(func() error {
		names = slices.Sorted(maps.Keys(d.entries))
		return nil
	})
}

// Create makes an empty file.
func (d *Disk) Create(name string) (f *File, err error) {
	return f, d.change(func() error {
		if d.entries[name] != nil {
			return fs.ErrExist
		}
		f = d.newFile(name)
		d.link(entries{name: f})
		return nil
	})
}

// Remove removes a name.
func (d *Disk) Remove(name string) error {
	return d.change(func() error {
		if d.entries[name] == nil {
			return fs.ErrNotExist
		}
		d.link(entries{name: nil})
		return nil
	})
}

// Rename renames a file, in place of the one that has the new name.
func (d *Disk) Rename(from, to string) error {
	return d.change(func() error {
		f := d.entries[from]
		switch {
		case f == nil:
			return fs.ErrNotExist
		case from != to:
			f.name = to
			d.link(entries{from: nil, to: f})
		}
		return nil
	})
}

// link makes a change of the directory.
func (d *Disk) link(e entries) {
	e.apply(d.entries)
	d.pending = append(d.pending, e)
}

func (e entries) apply(to map[string]*File) {
	for name, f := range e {
		if f == nil {
			delete(to, name)
		} else {
			to[name] = f
		}
	}
}

// SyncDir makes all names durable.
func (d *Disk) SyncDir() error {
	return d.change(func() error {
		if !d.ignores(".") {
			d.durable, d.pending = maps.Clone(d.entries), nil
		}
		return nil
	})
}

func (d *Disk) ignores(name string) bool { return d.IgnoreSync != nil && d.IgnoreSync(name) }

// Cut cuts the power. When it returns, no operation is under way, and each later one fails with
// [ErrOff].
func (d *Disk) Cut() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
	return State{d}
}
