package main

import (
	"cmp"
	"slices"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/sqlitefile"
)

// role is what a lock lets a process do. They are ordered: the first ones keep others from writing.
type role int

const (
	exclusive  role = iota // writes to the database
	recovering             // rolls a hot journal back, or changes the journal mode
	pending                // waits for readers, to commit
	reserved               // has begun to write
	walWriter
	walRecoverer
	checkpointer
	shared // reads, with a rollback journal
	walReader
	connected // in WAL mode: neither reads nor writes
	other     // a lock that SQLite's default VFS does not take
)

// names are what tables call the roles, and what they mean.
var names = map[role]struct{ name, meaning string }{
	exclusive: {"EXCLUSIVE", "writes; no other may read or write"},
	recovering: {"EXCLUSIVE", "rolls a hot journal back, or changes the journal mode; no other " +
		"may read or write"},
	pending:      {"PENDING", "writes, and waits for readers; none may begin"},
	reserved:     {"RESERVED", "writes; others may still read"},
	walWriter:    {"WAL write", "writes; others may read"},
	walRecoverer: {"WAL recover", "rebuilds the WAL's index; no other may read"},
	checkpointer: {"WAL checkpoint", "copies the WAL into the database"},
	shared:       {"SHARED", "reads; none can commit meanwhile"},
	walReader:    {"WAL read", "reads"},
	connected:    {"connected", "neither reads nor writes"},
	other:        {"whole file", "not a lock of SQLite's default VFS"},
}

// isWrite reports whether at most one process can have the role, and those that write wait for it.
func (r role) isWrite() bool { return r <= walRecoverer }

// holder is a process in a role.
type holder struct {
	pid  int // as in [filelock.Lock]
	role role
	mark int // of a [walReader]
}

// holders returns the roles of processes that have locks on the database, which may be in WAL mode,
// and on its -shm file. A process with several connections can have several.
func holders(main, shm []filelock.Lock, wal bool) (all []holder) {
	main, shm = held(main), held(shm)
	for _, pid := range pids(main) {
		if r, ok := mainRole(of(main, pid), wal); ok {
			all = append(all, holder{pid: pid, role: r})
		}
	}
	for _, pid := range pids(shm) {
		all = append(all, indexRoles(pid, of(shm, pid))...)
	}
	slices.SortStableFunc(all, func(a, b holder) int {
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(a.pid, b.pid),
			cmp.Compare(a.mark, b.mark))
	})
	return slices.Compact(all)
}

// kernelWaiters returns the processes that wait for a lock in the kernel.
func kernelWaiters(locks ...filelock.Lock) (all []int) {
	return pids(slices.DeleteFunc(slices.Clone(locks), func(l filelock.Lock) bool {
		return !l.Waits
	}))
}

func held(locks []filelock.Lock) []filelock.Lock {
	return slices.DeleteFunc(slices.Clone(locks), func(l filelock.Lock) bool { return l.Waits })
}

// pids returns the processes of locks, each once.
func pids(locks []filelock.Lock) (all []int) {
	for _, l := range locks {
		all = append(all, l.PID)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// of returns the locks of a process.
func of(locks []filelock.Lock, pid int) []filelock.Lock {
	return slices.DeleteFunc(slices.Clone(locks), func(l filelock.Lock) bool {
		return l.PID != pid
	})
}

// covers reports whether one of the locks covers a byte, for writing or for reading.
func covers(locks []filelock.Lock, write bool, at int64) bool {
	return slices.ContainsFunc(locks, func(l filelock.Lock) bool {
		return l.Style != filelock.Flock && l.Write == write && l.Covers(at, at)
	})
}

// mainRole returns the role of a process with these locks on the database. In WAL mode each
// connection has a shared lock, which says nothing, or an exclusive one with
// PRAGMA locking_mode=exclusive. A hot journal is rolled back, and the
// journal mode changed, without the reserved lock.
func mainRole(locks []filelock.Lock, wal bool) (r role, ok bool) {
	hasReserved := covers(locks, true, sqlitefile.ReservedByte)
	switch {
	case covers(locks, true, sqlitefile.SharedFirst) && (hasReserved || wal):
		return exclusive, true
	case covers(locks, true, sqlitefile.SharedFirst):
		return recovering, true
	case covers(locks, true, sqlitefile.PendingByte):
		return pending, true
	case hasReserved:
		return reserved, true
	case covers(locks, false, sqlitefile.SharedFirst):
		return shared, !wal
	}
	isFlock := func(l filelock.Lock) bool { return l.Style == filelock.Flock }
	return other, slices.ContainsFunc(locks, isFlock)
}

// indexRoles returns the roles of a process with these locks on the -shm file.
func indexRoles(pid int, locks []filelock.Lock) (all []holder) {
	recovers := covers(locks, true, sqlitefile.RecoverByte)
	if recovers {
		all = append(all, holder{pid: pid, role: walRecoverer})
	}
	if covers(locks, true, sqlitefile.WriteByte) {
		all = append(all, holder{pid: pid, role: walWriter})
	}
	if covers(locks, true, sqlitefile.CheckpointByte) && !recovers {
		all = append(all, holder{pid: pid, role: checkpointer})
	}
	for mark := range sqlitefile.Readers {
		if covers(locks, false, int64(sqlitefile.ReadByte+mark)) {
			all = append(all, holder{pid: pid, role: walReader, mark: mark})
		}
	}
	if len(all) == 0 && covers(locks, false, sqlitefile.ConnectedByte) {
		all = append(all, holder{pid: pid, role: connected})
	}
	return all
}
