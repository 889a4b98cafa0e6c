package main

import (
	"encoding/binary"
	"time"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/sqlitefile"
)

// noProcess stands for a lock that is free. [filelock.Hidden] and [filelock.Unknown] are not.
const noProcess = -2

// sample is one look at the write lock.
type sample struct {
	at      time.Duration // since the first look
	pid     int           // of the process that has the write lock, or noProcess
	role    role          // of it
	changes uint32        // the counter of commits
}

// kernel makes the system calls of a sampler. Tests count them.
type kernel interface {
	query(f file, write bool, first, last int64) (filelock.Lock, bool, error)
	readAt(f file, b []byte, offset int64) error
}

// sampler looks at the write lock of a database without reading /proc/locks, see [filelock]. A look
// takes at most maxCalls system calls on the files of the database.
type sampler struct {
	kernel kernel
	db     *database
	buffer [4]byte // reading into it allocates nothing
}

// maxCalls is the max number of system calls in one look.
const maxCalls = 4

// look returns who has the write lock now.
func (s *sampler) look(now time.Duration) (sample, error) {
	got := sample{at: now, pid: noProcess}
	l, found, err := s.kernel.query(s.db.main, false, sqlitefile.PendingByte, sqlitefile.SharedLast)
	if err == nil && found {
		err = s.rank(&got, l)
	}
	if err != nil {
		return got, err
	}
	if s.db.index.File == nil {
		const changesAt = 24
		err = s.kernel.readAt(s.db.main, s.buffer[:], changesAt)
		got.changes = binary.BigEndian.Uint32(s.buffer[:])
		return got, err
	}
	if !found {
		const at = sqlitefile.WriteByte
		l, found, err = s.kernel.query(s.db.index, false, at, at)
		if err != nil {
			return got, err
		}
		if found {
			got.pid, got.role = l.PID, walWriter
		}
	}
	const changesAt = 8
	err = s.kernel.readAt(s.db.index, s.buffer[:], changesAt)
	got.changes = binary.NativeEndian.Uint32(s.buffer[:])
	return got, err
}

// rank finds out how far the process with a write lock on the database has come.
func (s *sampler) rank(got *sample, l filelock.Lock) error {
	got.pid, got.role = l.PID, reserved
	at := func(first int64) (bool, error) {
		if l.Covers(first, first) {
			return true, nil
		}
		_, found, err := s.kernel.query(s.db.main, false, first, first)
		return found, err
	}
	all, err := at(sqlitefile.SharedFirst)
	if err != nil || all {
		got.role = exclusive
		return err
	}
	waits, err := at(sqlitefile.PendingByte)
	if waits {
		got.role = pending
	}
	return err
}

// systemCalls is the kernel of this machine.
type systemCalls struct{}

func (systemCalls) query(f file, write bool, first, last int64) (filelock.Lock, bool, error) {
	return filelock.Query(f.Fd(), write, first, last)
}

// readAt reads what there is. Less than asked for is no error: the file may be empty.
func (systemCalls) readAt(f file, b []byte, offset int64) error {
	clear(b)
	_, err := f.ReadAt(b, offset)
	return ignoreEOF(err)
}
