package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/openfile"
	"busybench/scripts/internal/sqlitefile"
)

// state is what one look at all sources found of a database.
type state struct {
	holders []holder
	waiters []int // in the kernel
	users   []int // processes that have the database open, as far as this user may see
	closed  int   // processes whose open files this user must not see
	unread  error // why /proc/locks could not be read

	header  sqlitefile.Header
	index   *sqlitefile.WALIndex // nil without one
	size    int64                // of the database
	walSize int64
	hot     bool      // there is a hot journal
	journal time.Time // since when at least the writer has a journal, zero if unknown
	moved   string    // what is at the path now, if it is not the database
}

// look reads all sources once. The list of open files comes first, since it takes longest.
func (d *database) look() (s state, err error) {
	if err := d.findIndex(); err != nil {
		return s, err
	}
	open, err := openfile.Find(func(f openfile.Descriptor) bool {
		return f.File == d.main.id || f.File == d.index.id || isIndex(f)
	})
	if err != nil {
		return s, err
	}
	if err := d.findRenamedIndex(open.Found); err != nil {
		return s, err
	}
	s.closed = open.Closed
	for _, f := range open.Found {
		if f.File == d.main.id && !slices.Contains(s.users, f.PID) {
			s.users = append(s.users, f.PID)
		}
	}
	main, shm, unread := d.listedLocks()
	s.unread = unread
	main = append(main, d.unlisted(d.main, main, open.Found, mainRanges)...)
	if d.index.File != nil {
		shm = append(shm, d.unlisted(d.index, shm, open.Found, indexRanges)...)
	}
	if s.header, err = d.header(); err != nil {
		return s, explain(d.name, err)
	}
	s.holders = holders(main, shm, s.header.WAL)
	s.waiters = kernelWaiters(append(main, shm...)...)
	return s, d.readFiles(&s)
}

// listedLocks returns the locks that /proc/locks lists, except those of open file descriptions,
// which it lists without a process.
func (d *database) listedLocks() (main, shm []filelock.Lock, err error) {
	text, err := os.ReadFile("/proc/locks")
	if err != nil {
		return nil, nil, err
	}
	found, err := filelock.Parse(string(text), d.main.locks, d.index.locks)
	isOFD := func(l filelock.Lock) bool { return l.Style == filelock.OFD }
	if d.index.File != nil {
		shm = slices.DeleteFunc(found[d.index.locks], isOFD)
	}
	return slices.DeleteFunc(found[d.main.locks], isOFD), shm, err
}

// span is a range of bytes.
type span struct{ first, last int64 }

// The ranges of bytes in which each lock is looked for.
var (
	mainRanges = []span{
		{sqlitefile.PendingByte, sqlitefile.PendingByte},
		{sqlitefile.ReservedByte, sqlitefile.ReservedByte},
		{sqlitefile.SharedFirst, sqlitefile.SharedLast},
	}
	indexRanges = func() (all []span) {
		for at := int64(sqlitefile.WriteByte); at <= sqlitefile.ConnectedByte; at++ {
			all = append(all, span{at, at})
		}
		return all
	}()
)

// unlisted returns locks that /proc/locks does not list, or not with their process: those of open
// file descriptions, those of processes in other PID namespaces, and all if the list is missing.
func (d *database) unlisted(
	f file, listed []filelock.Lock, open []openfile.Descriptor, ranges []span,
) (more []filelock.Lock) {
	known := func(l filelock.Lock, locks []filelock.Lock) bool {
		return slices.ContainsFunc(locks, func(k filelock.Lock) bool {
			return k.PID == l.PID && k.Write == l.Write && k.Covers(l.First, l.Last)
		})
	}
	described := ofDescriptions(f.id, open)
	more = append(more, described...)
	for _, r := range ranges {
		for _, write := range []bool{false, true} {
			l, found, err := filelock.Query(f.Fd(), write, r.first, r.last)
			isDescribed := func(k filelock.Lock) bool {
				return k.Write == l.Write && k.Covers(l.First, l.Last)
			}
			if err != nil || !found || known(l, listed) || known(l, more) ||
				l.PID == filelock.Unknown && slices.ContainsFunc(described, isDescribed) {
				continue
			}
			more = append(more, l)
		}
	}
	return more
}

// ofDescriptions returns the locks of open file descriptions, with their processes.
func ofDescriptions(id openfile.File, open []openfile.Descriptor) (locks []filelock.Lock) {
	for _, f := range open {
		if f.File != id {
			continue
		}
		text, err := f.Info()
		if err != nil {
			continue // closed by now
		}
		all, err := filelock.ParseInfo(text, f.PID)
		if err != nil {
			continue
		}
		for _, l := range all {
			if l.Style == filelock.OFD {
				locks = append(locks, l)
			}
		}
	}
	return locks
}

// readFiles reads the headers of the files beside the database, and sizes.
func (d *database) readFiles(s *state) error {
	info, err := d.main.Stat()
	if err != nil {
		return err
	}
	s.size = info.Size()
	if now, err := os.Stat(d.path); errors.Is(err, fs.ErrNotExist) {
		s.moved = "nothing"
	} else if err == nil && !os.SameFile(info, now) {
		s.moved = "another file"
	}
	if wal, err := os.Stat(d.path + sqlitefile.WALSuffix); err == nil {
		s.walSize = wal.Size()
	}
	// With PRAGMA locking_mode=exclusive the index is in the memory of a process.
	if d.index.File != nil && len(s.with(exclusive)) == 0 {
		s.index = d.readIndex()
	}
	s.readJournal(d)
	return nil
}

// readIndex reads the header of the WAL's index. While a writer changes it, it cannot be read.
func (d *database) readIndex() *sqlitefile.WALIndex {
	const tries = 10
	b := make([]byte, sqlitefile.WALIndexSize)
	for range tries {
		n, err := d.index.ReadAt(b, 0)
		if ignoreEOF(err) != nil {
			return nil
		}
		if x, err := sqlitefile.ParseWALIndex(b[:n]); err == nil {
			return &x
		}
	}
	return nil
}

// readJournal finds a hot journal, or since when the writer's own exists. In the modes truncate and
// persist the file stays, and its age says nothing. A journal that is younger than the last change
// of the database is of a transaction that has not written to the database yet.
func (s *state) readJournal(d *database) {
	b, info, err := d.readStart(sqlitefile.JournalSuffix, sqlitefile.JournalHeaderSize)
	if err != nil {
		return
	}
	hot := sqlitefile.IsHot(b)
	writes := slices.ContainsFunc(s.holders, func(h holder) bool {
		return h.role == exclusive || h.role == pending || h.role == reserved
	})
	s.hot = hot && !writes && s.size > 0
	if !writes || s.header.WAL {
		return
	}
	var born unix.Statx_t
	err = unix.Statx(unix.AT_FDCWD, d.path+sqlitefile.JournalSuffix, 0, unix.STATX_BTIME, &born)
	changed, statErr := d.main.Stat()
	if err == nil && statErr == nil && born.Mask&unix.STATX_BTIME != 0 {
		if at := time.Unix(born.Btime.Sec, int64(born.Btime.Nsec)); at.After(changed.ModTime()) {
			s.journal = at
			return
		}
	}
	if hot {
		s.journal = info.ModTime()
	}
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
