package sqlitedb

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// These tests show the causes of lock errors that package anatomy names, with SQLite itself. Some
// set a lock as another process of SQLite would for an instant, and hold it.

// Byte ranges that SQLite locks, in a database file (PENDING_BYTE and so on in src/os.h).
var (
	pendingByte = byteRange{0x40000000, 1}
	sharedBytes = byteRange{0x40000002, 510}
)

// Those in the index of a write-ahead log (https://www.sqlite.org/walformat.html#wal_locks and
// UNIX_SHM_DMS in src/os_unix.c, which each connection locks for reading), and its size.
var (
	walWrite   = byteRange{120, 1}
	walRecover = byteRange{122, 1}
	walInUse   = byteRange{128, 1}
)

const walIndexSize = 32 << 10

type byteRange struct{ start, length int64 }

// A locker locks byte ranges of a file as another process would: locks of an open file description
// conflict with those of SQLite in this process.
type locker struct {
	t    *testing.T
	file *os.File
}

// newLocker opens the file until the test ends. It must come before connections to the database:
// closing the file drops the locks that SQLite has on it in this process.
func newLocker(t *testing.T, path string) locker {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return locker{t, file}
}

// set locks or unlocks a range.
func (l locker) set(how int16, r byteRange) {
	l.t.Helper()
	lock := unix.Flock_t{Type: how, Start: r.start, Len: r.length}
	if err := unix.FcntlFlock(l.file.Fd(), unix.F_OFD_SETLK, &lock); err != nil {
		l.t.Fatalf("lock %v: %v", r, err)
	}
}

// startBuilding does to the index of a log what a connection does that builds it.
func (l locker) startBuilding() {
	l.t.Helper()
	l.set(unix.F_RDLCK, walInUse)
	l.set(unix.F_WRLCK, walWrite)
	l.set(unix.F_WRLCK, walRecover)
	if err := l.file.Truncate(walIndexSize); err != nil {
		l.t.Fatal(err)
	}
}

func (l locker) finishBuilding() {
	l.t.Helper()
	for _, r := range []byteRange{walRecover, walWrite, walInUse} {
		l.set(unix.F_UNLCK, r)
	}
}

// The first connection builds the index of the log, although no process crashed. Others get
// SQLITE_BUSY_RECOVERY meanwhile, for which the busy timeout waits. If a connection is open, there
// is an index already.
func TestTheFirstConnectionBuildsTheIndexOfTheLog(t *testing.T) {
	none := newScenario(t, "busy=none")
	path := create(t, none)
	index := newLocker(t, path+"-shm")

	index.startBuilding()
	if c, err := Connect(path, none); ResultCode(err) != outcome.BusyRecovery {
		if err == nil {
			c.Close()
		}
		t.Fatalf("connecting while the index is built: %v", err)
	}
	begin := time.Now()
	_, err := Connect(path, newScenario(t, "busy=20ms"))
	if took := time.Since(begin); ResultCode(err) != outcome.BusyRecovery ||
		took < 20*time.Millisecond {
		t.Fatalf("connecting with a busy timeout: %v after %v", err, took)
	}
	index.finishBuilding()

	connect(t, path, none)
	index.startBuilding()
	connect(t, path, none)
	index.finishBuilding()
}

// An upgrade that meets the write lock fails at once, in each journal mode for its own reason: the
// holder cannot commit, or its commit makes the snapshot stale.
func TestAnUpgradeThatMeetsTheWriteLockFailsAtOnce(t *testing.T) {
	for _, c := range []struct {
		journal         string
		commit, upgrade outcome.Code // of the holder, and of a second try to upgrade
	}{
		{"delete", outcome.Busy, outcome.Busy},
		{"wal", 0, outcome.BusySnapshot},
	} {
		t.Run(c.journal, func(t *testing.T) {
			s := newScenario(t, "txn=upgrade busy=60s journal="+c.journal)
			path := create(t, s)
			upgrader := connect(t, path, s)
			holder := connect(t, path, newScenario(t, "txn=deferred journal="+c.journal))
			if err := upgrader.BeginRead(); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(
				holder.BeginImmediate(), holder.first.insert(uuid.New()),
			); err != nil {
				t.Fatal(err)
			}
			requireRefusal := func(when string, want outcome.Code) {
				t.Helper()
				begin := time.Now()
				if err := upgrader.first.insert(uuid.New()); ResultCode(err) != want {
					t.Errorf("%s: the upgrade returns %v, want %v", when, err, want)
				}
				if took := time.Since(begin); took >= s.Busy.Timeout {
					t.Errorf("%s: it took %v, as if it waited for the timeout", when, took)
				}
			}
			requireRefusal("before the commit", outcome.Busy)
			if err := stepAll(holder.commit); ResultCode(err) != c.commit {
				t.Errorf("the holder's commit: %v, want %v", err, c.commit)
			}
			requireRefusal("after the commit", c.upgrade)
			upgrader.rollback()
			holder.rollback()
		})
	}
}

// With a rollback journal, asking for the write lock begins with a read lock, which a COMMIT of
// another connection waits for. In WAL mode it does not.
func TestAskingForTheWriteLockIsInTheWayOfACommit(t *testing.T) {
	ranges := map[string]byteRange{"pending byte": pendingByte, "shared bytes": sharedBytes}
	for name, r := range ranges {
		t.Run("asking/"+name, func(t *testing.T) {
			s := newScenario(t, "busy=none txn=immediate journal=delete")
			path := create(t, s)
			file, c := newLocker(t, path), connect(t, path, s)
			file.set(unix.F_WRLCK, r)
			if err := c.BeginImmediate(); ResultCode(err) != outcome.Busy {
				t.Errorf("without a read lock: %v", err)
			}
			file.set(unix.F_UNLCK, r)
			if err := c.BeginImmediate(); err != nil {
				t.Errorf("with a read lock: %v", err)
			}
		})
		for journal, want := range map[string]outcome.Code{"delete": outcome.Busy, "wal": 0} {
			t.Run("committing/"+name+"/"+journal, func(t *testing.T) {
				s := newScenario(t, "busy=none txn=immediate journal="+journal)
				path := create(t, s)
				file, c := newLocker(t, path), connect(t, path, s)
				file.set(unix.F_RDLCK, r)
				trace, err := c.Transact(clock.Now(), newIDs(1))
				if ResultCode(err) != want || trace.Phase != outcome.Commit {
					t.Errorf("beside a read lock: %v in %v", err, trace.Phase)
				}
				file.set(unix.F_UNLCK, r)
				if c.CommitPending() {
					if _, err := c.RetryCommit(); err != nil {
						t.Errorf("after the read lock: %v", err)
					}
				}
			})
		}
	}
}

func TestCausesWereReadInTheSourceOfThisVersion(t *testing.T) {
	text, err := os.ReadFile("../anatomy/advice.go")
	if err != nil {
		t.Fatal(err)
	}
	const link = "https://github.com/sqlite/sqlite/blob/version-"
	n, all := strings.Count(string(text), link+Version+"/"), strings.Count(string(text), link)
	if n != all || n == 0 {
		t.Errorf("%d of %d links are to version %s", n, all, Version)
	}
}
