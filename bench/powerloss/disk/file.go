package disk

import "slices"

// File is a file of a disk. It stays usable when its name is removed.
type File struct {
	disk    *Disk
	name    string
	number  uint64
	content []byte // as programs see it
	durable []byte

	pending      []write
	pendingBytes int
}

// write is a pending change of a file: data at an offset, or a new size if data is nil.
type write struct {
	offset int
	data   []byte
}

func (w write) apply(to []byte) []byte {
	if w.data == nil {
		return resize(to, w.offset)
	}
	to = resize(to, max(len(to), w.offset+len(w.data)))
	copy(to[w.offset:], w.data)
	return to
}

// resize returns content cut or filled with zeros to a size.
func resize(content []byte, size int) []byte {
	before := len(content)
	if size <= before {
		return content[:size]
	}
	content = slices.Grow(content, size-before)[:size]
	clear(content[before:])
	return content
}

// Number returns the number of the file, which no other file of the disk has or had. It is not 0.
func (f *File) Number() uint64 { return f.number }

// Size returns the size of the file.
func (f *File) Size() (size int, err error) {
	return size, f.disk.read(func() error {
		size = len(f.content)
		return nil
	})
}

// ReadAt reads from an offset, up to the end of the file. It returns how much it read.
func (f *File) ReadAt(into []byte, offset int) (n int, err error) {
	return n, f.disk.read(func() error {
		if offset < len(f.content) {
			n = copy(into, f.content[offset:])
		}
		return nil
	})
}

// WriteAt writes at an offset.
func (f *File) WriteAt(data []byte, offset int) error {
	if len(data) == 0 {
		return nil
	}
	return f.add(write{offset, slices.Clone(data)})
}

// Truncate sets the size.
func (f *File) Truncate(size int) error { return f.add(write{offset: size}) }

func (f *File) add(w write) error {
	return f.disk.change(func() error {
		f.content = w.apply(f.content)
		f.pending = append(f.pending, w)
		f.pendingBytes += len(w.data)
		for f.pendingBytes > MaxPending {
			f.writeBack()
		}
		return nil
	})
}

// writeBack makes the oldest pending write durable.
func (f *File) writeBack() {
	w := f.pending[0]
	f.durable = w.apply(f.durable)
	f.pending = f.pending[1:]
	f.pendingBytes -= len(w.data)
}

// Sync makes the content and the size durable, as fsync and fdatasync do.
func (f *File) Sync() error {
	return f.disk.change(func() error {
		if f.disk.ignores(f.name) {
			return nil
		}
		for len(f.pending) > 0 {
			f.writeBack()
		}
		f.pending = nil
		return nil
	})
}
