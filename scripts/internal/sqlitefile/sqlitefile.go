// Package sqlitefile reads the headers of a database's files as plain bytes: those of the database
// itself, of its rollback journal, of its WAL and of the WAL's index in the -shm file. It knows
// where SQLite puts its locks, too. It opens no file and does not link SQLite, so that looking at a
// database cannot change it.
//
// The formats are those of https://sqlite.org/fileformat2.html and of
// https://sqlite.org/walformat.html, and the lock bytes those of os_unix.c and wal.c in SQLite's
// source.
package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The names of the files beside a database are its own name with one of these.
const (
	JournalSuffix  = "-journal"
	WALSuffix      = "-wal"
	WALIndexSuffix = "-shm"
)

// The number of bytes that the parsers of this package need.
const (
	HeaderSize        = 100
	JournalHeaderSize = 28
	WALHeaderSize     = 32
	WALIndexSize      = 136
)

// Errors of the parsers.
var (
	ErrNotDatabase = errors.New("not a SQLite database")
	ErrNotWAL      = errors.New("not a WAL")
	ErrNoIndex     = errors.New("the WAL's index is not initialized")
)

const magic = "SQLite format 3\x00"

// Header is what the first page of a database says of the whole.
type Header struct {
	PageSize int
	WAL      bool   // the journal mode is WAL, and not one with a rollback journal
	Changes  uint32 // goes up with each commit, except in WAL mode
	Pages    uint32 // 0 if a version of SQLite before 3.7.0 wrote last
}

// ParseHeader reads the header of a database.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderSize || string(b[:len(magic)]) != magic {
		return Header{}, ErrNotDatabase
	}
	h := Header{
		PageSize: pageSize(uint32(binary.BigEndian.Uint16(b[16:]))),
		WAL:      b[19] == 2,
		Changes:  binary.BigEndian.Uint32(b[24:]),
		Pages:    binary.BigEndian.Uint32(b[28:]),
	}
	if validFor := binary.BigEndian.Uint32(b[92:]); validFor != h.Changes {
		h.Pages = 0
	}
	if !isPageSize(h.PageSize) {
		return Header{}, fmt.Errorf("%w: its header has pages of %d bytes", ErrNotDatabase,
			h.PageSize)
	}
	return h, nil
}

// pageSize decodes a page size: 65536 does not fit into two bytes and is stored as 1.
func pageSize(stored uint32) int {
	if stored == 1 {
		return 1 << 16
	}
	return int(stored)
}

func isPageSize(n int) bool { return n >= 512 && n <= 1<<16 && n&(n-1) == 0 }

// IsHot reports whether a rollback journal may have to be rolled back, from its first bytes. SQLite
// writes its header when it syncs it, before the database is changed, and clears it with the commit
// in the modes truncate and persist, in which the file stays. While a writer has the reserved byte
// locked, the journal is its own. Otherwise its writer died.
func IsHot(b []byte) bool { return len(b) > 0 && b[0] != 0 }

// WALHeader is the header of a WAL.
type WALHeader struct {
	PageSize int
	Salt     [8]byte // of this pass over the file
}

// ParseWALHeader reads the header of a WAL.
func ParseWALHeader(b []byte) (h WALHeader, err error) {
	const walMagic, bigEndian = 0x377f0682, 1
	if len(b) < WALHeaderSize || binary.BigEndian.Uint32(b)&^bigEndian != walMagic {
		return WALHeader{}, ErrNotWAL
	}
	h.PageSize = int(binary.BigEndian.Uint32(b[8:]))
	copy(h.Salt[:], b[16:])
	if !isPageSize(h.PageSize) {
		return WALHeader{}, fmt.Errorf("%w: its header has pages of %d bytes", ErrNotWAL,
			h.PageSize)
	}
	return h, nil
}

// WALIndex is the header of a WAL's index, which all connections share.
type WALIndex struct {
	Changes    uint32 // goes up with each commit
	PageSize   int
	Frames     uint32 // committed ones in the WAL
	Pages      uint32 // of the database
	Backfilled uint32 // frames that a checkpoint has copied into the database
	Marks      [Readers]uint32
}

// NoMark is the value of a reader mark that is not in use.
const NoMark = 0xffffffff

// Pending returns the number of frames that are not in the database yet.
func (x WALIndex) Pending() uint32 { return x.Frames - min(x.Backfilled, x.Frames) }

// ParseWALIndex reads the header of a WAL's index, in the byte order of this machine. The header
// has two copies, which differ while a writer changes them.
func ParseWALIndex(b []byte) (x WALIndex, err error) {
	const version, first, second, end = 3007000, 0, 48, 96
	if len(b) < WALIndexSize {
		return WALIndex{}, ErrNoIndex
	}
	number := binary.NativeEndian.Uint32
	switch {
	case string(b[first:second]) != string(b[second:end]):
		return WALIndex{}, fmt.Errorf("%w: its two copies differ", ErrNoIndex)
	case b[12] == 0:
		return WALIndex{}, ErrNoIndex
	case number(b) != version:
		return WALIndex{}, fmt.Errorf("%w: it has version %d, not %d", ErrNoIndex, number(b),
			version)
	}
	x = WALIndex{
		Changes:    number(b[8:]),
		PageSize:   pageSize(uint32(binary.NativeEndian.Uint16(b[14:]))),
		Frames:     number(b[16:]),
		Pages:      number(b[20:]),
		Backfilled: number(b[96:]),
	}
	for i := range x.Marks {
		x.Marks[i] = number(b[100+4*i:])
	}
	return x, nil
}
