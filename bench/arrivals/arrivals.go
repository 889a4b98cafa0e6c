// Package arrivals makes the arrivals of an open loop, and hands them out to writers: each arrival
// goes to the first writer that is free.
//
// The arrivals are in a file that all writers have open together, so that they share its offset. A
// writer that is free reads the next one. The kernel lets only one read at a time (read(2), since
// Linux 3.14), so that each arrival goes to one writer, in order, across processes too. The writer
// waits for the instant unless it has passed, and then makes the attempt. That is a queue with
// several servers: a waiting arrival is served when a writer is free, first come first served.
package arrivals

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// size is the length of an arrival in the file: the nanoseconds since the release, the least
// significant byte first.
const size = 8

// Poisson returns the instants of arrivals at a rate per second, in nanoseconds since the release,
// for a length of time. The times between them are exponential, drawn from a seed.
func Poisson(seed uint64, perSecond float64, length time.Duration) (instants []int64) {
	random := rand.New(rand.NewPCG(seed, 0))
	mean := float64(time.Second) / perSecond
	for at := float64(0); ; {
		at += random.ExpFloat64() * mean
		if at >= float64(length) {
			return instants
		}
		instants = append(instants, int64(at))
	}
}

// File holds the arrivals of a round. It is memory without a name. Its descriptor is passed on to
// the writers.
type File struct{ *os.File }

// NewFile returns an empty file, which must be closed.
func NewFile() (File, error) {
	fd, err := unix.MemfdCreate("arrivals", unix.MFD_CLOEXEC)
	if err != nil {
		return File{}, fmt.Errorf("memory for arrivals: %w", err)
	}
	defer unix.Close(fd)
	// The kernel locks the offset of files that were opened (do_dentry_open in its fs/open.c), but
	// not that of memfd_create(2).
	opened, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_RDWR, 0)
	if err != nil {
		return File{}, fmt.Errorf("memory for arrivals: %w", err)
	}
	return File{opened}, nil
}

// Set replaces the arrivals. No writer may be reading.
func (f File) Set(instants []int64) error {
	content := make([]byte, 0, size*len(instants))
	for _, instant := range instants {
		content = binary.LittleEndian.AppendUint64(content, uint64(instant))
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	if _, err := f.WriteAt(content, 0); err != nil {
		return err
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// Next takes the next arrival. It returns false if there is none left.
func (f File) Next() (sinceRelease int64, ok bool, err error) {
	var text [size]byte
	switch n, err := f.Read(text[:]); {
	case err == io.EOF:
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case n < size:
		return 0, false, fmt.Errorf("read %d bytes of an arrival, want %d", n, size)
	}
	return int64(binary.LittleEndian.Uint64(text[:])), true, nil
}
