package sqlitedb

import (
	"busybench/bench/clock"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
)

// What SQLite says under bad conditions, where it says it, and its code: what users see in a benchmark's failure.
func TestBadConditions(t *testing.T) {
	for _, c := range []struct {
		name, axes string
		before     func(t *testing.T, path string)          // done to the file before a writer connects
		connected  func(t *testing.T, path string, c *Conn) // and after
		connects   bool                                     // whether it does
		code       string
		message    string
	}{
		{"the path is missing", "journal=delete", remove, nil, false, "SQLITE_CANTOPEN", "unable to open database file"},
		{"not a database", "journal=delete", overwrite(0, strings.Repeat("no database ", 1000)), nil, false, "SQLITE_NOTADB", "file is not a database"},
		{"cut within the first page", "journal=delete", cut(1000), nil, false, "SQLITE_CORRUPT", "database disk image is malformed"},
		{"cut behind the first page", "journal=delete", cut(4096), nil, false, "SQLITE_CORRUPT", "database disk image is malformed"},
		{"a page of zeroes", "journal=delete", overwrite(4096, strings.Repeat("\x00", 4096)), nil, true, "SQLITE_CORRUPT", "database disk image is malformed"},
		{"the disk is full", "payload=100000 journal=delete", nil, full, true, "SQLITE_FULL", "database or disk is full"},
		{"the disk is full", "payload=100000 journal=wal", nil, full, true, "SQLITE_FULL", "database or disk is full"},
		{"moved away", "journal=delete", nil, move, true, "SQLITE_READONLY_DBMOVED", "attempt to write a readonly database"},
	} {
		s := scenarioOf(t, c.axes)
		path := create(t, s, newIDs(3)...)
		if c.before != nil {
			c.before(t, path)
		}
		conn, err := Connect(path, s)
		if connects := err == nil; connects != c.connects {
			t.Errorf("%s: connecting: %v", c.name, err)
			continue
		}
		if err == nil {
			if c.connected != nil {
				c.connected(t, path, conn)
			}
			_, err = conn.Transact(clock.Now(), newIDs(1))
			conn.Close()
		}
		requireError(t, c.name, err, c.code, c.message)
	}
}

func requireError(t *testing.T, what string, err error, code, message string) {
	t.Helper()
	if err == nil || ResultCode(err).String() != code || !strings.Contains(err.Error(), message) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: %v (%v), want %s, %s", what, err, ResultCode(err), code, message)
	}
}

func remove(t *testing.T, path string) {
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func cut(size int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

func overwrite(at int64, text string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteAt([]byte(text), at); err != nil {
			t.Fatal(err)
		}
	}
}

// full lets the file have no page more than it has.
func full(t *testing.T, _ string, c *Conn) {
	if _, err := pragma(c.db, "max_page_count", "1"); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, path string, _ *Conn) {
	if err := os.Rename(path, path+".moved"); err != nil {
		t.Fatal(err)
	}
}

// In WAL mode a writer does not notice that the file has been moved away: its rows are acknowledged and go along, and the audit finds no
// file at the path.
func TestAMovedWALFileFailsItsAudit(t *testing.T) {
	s := scenarioOf(t, "journal=wal")
	path := create(t, s)
	c := connect(t, path, s)
	move(t, path, c)
	ids := newIDs(1)
	if _, err := c.Transact(clock.Now(), ids); err != nil {
		t.Errorf("writing: %v", err)
	}
	_, err := Audit(path, Ledger{ids[0]: true})
	requireError(t, "audit", err, "SQLITE_CANTOPEN", "unable to open database file")
}

// asNobody does something with the rights of a user who owns nothing (setfsuid(2) is for one thread).
func asNobody(do func()) {
	const nobody = 65534
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	uid, _ := unix.SetfsuidRetUid(nobody)
	defer unix.Setfsuid(uid)
	do()
}

func TestReadOnly(t *testing.T) {
	for _, c := range []struct {
		name          string
		file, dir     os.FileMode
		journal, code string
		message       string
	}{
		{"a file", 0o444, 0o777, "delete", "SQLITE_READONLY", "attempt to write a readonly database"},
		{"a file", 0o444, 0o777, "wal", "SQLITE_READONLY", "attempt to write a readonly database"},
		{"a directory", 0o666, 0o555, "delete", "SQLITE_READONLY_DIRECTORY", "attempt to write a readonly database"},
		{"a directory", 0o666, 0o555, "wal", "SQLITE_READONLY_DIRECTORY", "attempt to write a readonly database"},
		{"a file that may not be read", 0, 0o777, "delete", "SQLITE_CANTOPEN", "unable to open database file"},
	} {
		s := scenarioOf(t, "journal="+c.journal)
		// t.TempDir's parent is closed to others.
		dir, err := os.MkdirTemp("", "readonly-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "messages.db")
		if err := Create(path, s, func(func(uuid.UUID) bool) {}); err != nil {
			t.Fatal(err)
		}
		for _, change := range []error{os.Chmod(path, c.file), os.Chmod(dir, c.dir)} {
			if change != nil {
				t.Fatal(change)
			}
		}
		asNobody(func() {
			conn, connectErr := Connect(path, s)
			if err = connectErr; err == nil {
				_, err = conn.Transact(clock.Now(), newIDs(1))
				conn.Close()
			}
		})
		requireError(t, c.name+", "+c.journal, err, c.code, c.message)
		os.Chmod(dir, 0o700)
	}
}

// What a writer leaves that is killed in the middle of a transaction: SQLite undoes it, whoever opens the file next.
func TestAHotJournalIsRolledBack(t *testing.T) {
	s := scenarioOf(t, "journal=delete")
	ids := newIDs(2000)
	path := create(t, s, ids...)
	c := connect(t, path, s)
	// So small a cache makes SQLite write to the file before the transaction has ended.
	if err := execute(c.db, "PRAGMA cache_size=5"); err != nil {
		t.Fatal(err)
	}
	if err := execute(c.db, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := execute(c.db, "UPDATE messages SET msg = upper(msg) || 'x'"); err != nil {
		t.Fatal(err)
	}
	left := left(t, path)
	if info, err := os.Stat(left + "-journal"); err != nil || info.Size() == 0 {
		t.Fatalf("no journal: %v", err)
	}
	if n := rowsOf(t, left, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
	if _, err := os.Stat(left + "-journal"); !os.IsNotExist(err) {
		t.Errorf("the journal is there still: %v", err)
	}
}

// What a writer leaves in WAL mode that is killed: what was acknowledged is in the log, and is taken over, all else is dropped.
func TestALeftLogIsTakenOver(t *testing.T) {
	s := scenarioOf(t, "journal=wal")
	path := create(t, s)
	c := connect(t, path, s)
	ids := newIDs(100)
	for _, id := range ids {
		if _, err := c.Transact(clock.Now(), []uuid.UUID{id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := execute(c.db, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := c.first.insert(newIDs(1)...); err != nil {
		t.Fatal(err)
	}
	left := left(t, path)
	if info, err := os.Stat(left + "-wal"); err != nil || info.Size() == 0 {
		t.Fatalf("no log: %v", err)
	}
	if n := rowsOf(t, left, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
}

// left copies the files of a database as they are at this instant. Another process does, since closing them here would drop this one's locks.
func left(t *testing.T, path string) (copied string) {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", append(files, dir)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(dir, filepath.Base(path))
}

// Create takes no file that is there for its own.
func TestCreateOverwritesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, scenarioOf(t, ""), func(func(uuid.UUID) bool) {}); err == nil || !strings.Contains(err.Error(), path+": file exists") {
		t.Errorf("error is %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("the file was changed: %v, %v", info.Size(), err)
	}
}
