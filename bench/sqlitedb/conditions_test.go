package sqlitedb

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"busybench/bench/clock"
	"busybench/bench/scenario"
)

// These are the messages and codes that a benchmark's failure shows under bad conditions.
func TestErrorUnderABadCondition(t *testing.T) {
	const malformed = "database disk image is malformed"
	for _, c := range []struct {
		name, axes    string
		damage        func(t *testing.T, path string)          // before a writer connects
		change        func(t *testing.T, path string, c *Conn) // after it has connected
		connects      bool
		code, message string
	}{
		{
			name:    "the file is missing",
			axes:    "journal=delete",
			damage:  remove,
			code:    "SQLITE_CANTOPEN",
			message: "unable to open database file",
		},
		{
			name:    "the file is not a database",
			axes:    "journal=delete",
			damage:  overwrite(0, strings.Repeat("no database ", 1000)),
			code:    "SQLITE_NOTADB",
			message: "file is not a database",
		},
		{
			name:    "the file is truncated within the first page",
			axes:    "journal=delete",
			damage:  truncate(1000),
			code:    "SQLITE_CORRUPT",
			message: malformed,
		},
		{
			name:    "the file is truncated after the first page",
			axes:    "journal=delete",
			damage:  truncate(4096),
			code:    "SQLITE_CORRUPT",
			message: malformed,
		},
		{
			name:     "a page is zeroed",
			axes:     "journal=delete",
			damage:   overwrite(4096, strings.Repeat("\x00", 4096)),
			connects: true,
			code:     "SQLITE_CORRUPT",
			message:  malformed,
		},
		{
			name:     "the disk is full with a rollback journal",
			axes:     "payload=100000 journal=delete",
			change:   limitPages,
			connects: true,
			code:     "SQLITE_FULL",
			message:  "database or disk is full",
		},
		{
			name:     "the disk is full in WAL mode",
			axes:     "payload=100000 journal=wal",
			change:   limitPages,
			connects: true,
			code:     "SQLITE_FULL",
			message:  "database or disk is full",
		},
		{
			name:     "the file is moved",
			axes:     "journal=delete",
			change:   move,
			connects: true,
			code:     "SQLITE_READONLY_DBMOVED",
			message:  "attempt to write a readonly database",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScenario(t, c.axes)
			path := create(t, s, newIDs(3)...)
			if c.damage != nil {
				c.damage(t, path)
			}
			conn, err := Connect(path, s)
			if connects := err == nil; connects != c.connects {
				t.Fatalf("connecting: %v", err)
			}
			if err == nil {
				if c.change != nil {
					c.change(t, path, conn)
				}
				_, err = conn.Transact(clock.Now(), newIDs(1))
				conn.Close()
			}
			requireError(t, err, c.code, c.message)
		})
	}
}

// requireError requires an error of one line with a result code and a text in it.
func requireError(t *testing.T, err error, code, message string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s, %s", code, message)
	}
	if ResultCode(err).String() != code || !strings.Contains(err.Error(), message) ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v (%v), want %s, %s", err, ResultCode(err), code, message)
	}
}

func remove(t *testing.T, path string) {
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func truncate(size int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

func overwrite(offset int64, text string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteAt([]byte(text), offset); err != nil {
			t.Fatal(err)
		}
	}
}

// limitPages prevents the file from growing.
func limitPages(t *testing.T, _ string, c *Conn) {
	if _, err := pragma(c.db, "max_page_count", "1"); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, path string, _ *Conn) {
	if err := os.Rename(path, path+".moved"); err != nil {
		t.Fatal(err)
	}
}

// In WAL mode a writer does not notice that the file was moved: SQLite acknowledges its rows and
// writes them to the moved file. The audit finds no file at the path.
func TestAuditOfAMovedWALFileFails(t *testing.T) {
	s := newScenario(t, "journal=wal")
	path := create(t, s)
	c := connect(t, path, s)
	move(t, path, c)
	ids := newIDs(1)
	if _, err := c.Transact(clock.Now(), ids); err != nil {
		t.Errorf("writing: %v", err)
	}
	_, err := Audit(path, Ledger{ids[0]: true})
	requireError(t, err, "SQLITE_CANTOPEN", "unable to open database file")
}

// asUnprivileged calls f with the rights of a user who owns no files. setfsuid(2) is for one
// thread.
func asUnprivileged(f func()) {
	const nobody = 65534
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	uid, _ := unix.SetfsuidRetUid(nobody)
	defer unix.Setfsuid(uid)
	f()
}

func TestErrorWithoutWritePermission(t *testing.T) {
	const readOnly = "attempt to write a readonly database"
	for _, c := range []struct {
		name          string
		file, dir     os.FileMode
		journal       string
		code, message string
	}{
		{"read-only file, delete", 0o444, 0o777, "delete", "SQLITE_READONLY", readOnly},
		{"read-only file, WAL", 0o444, 0o777, "wal", "SQLITE_READONLY", readOnly},
		{
			"read-only directory, delete", 0o666, 0o555, "delete",
			"SQLITE_READONLY_DIRECTORY", readOnly,
		},
		{"read-only directory, WAL", 0o666, 0o555, "wal", "SQLITE_READONLY_DIRECTORY", readOnly},
		{
			"unreadable file", 0, 0o777, "delete",
			"SQLITE_CANTOPEN", "unable to open database file",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScenario(t, "journal="+c.journal)
			path := createPublic(t, s)
			dir := filepath.Dir(path)
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, c.dir); err != nil {
				t.Fatal(err)
			}
			var err error
			asUnprivileged(func() {
				var conn *Conn
				if conn, err = Connect(path, s); err == nil {
					_, err = conn.Transact(clock.Now(), newIDs(1))
					conn.Close()
				}
			})
			requireError(t, err, c.code, c.message)
		})
	}
}

// createPublic creates a database in a directory that other users can open, unlike t.TempDir.
func createPublic(t *testing.T, s scenario.Scenario) (path string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "readonly-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700) // so that its files can be removed
		os.RemoveAll(dir)
	})
	path = filepath.Join(dir, "messages.db")
	if err := Create(path, s, noIDs); err != nil {
		t.Fatal(err)
	}
	return path
}

// noIDs is a sequence without ids.
func noIDs(func(uuid.UUID) bool) {}

// A writer that is killed in the middle of a transaction leaves a hot journal. The next connection
// rolls the transaction back.
func TestAHotJournalIsRolledBack(t *testing.T) {
	s := newScenario(t, "journal=delete")
	ids := newIDs(2000)
	path := create(t, s, ids...)
	c := connect(t, path, s)
	// A small cache makes SQLite write to the file before the transaction ends.
	if err := execute(c.db, "PRAGMA cache_size=5"); err != nil {
		t.Fatal(err)
	}
	if err := execute(c.db, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := execute(c.db, "UPDATE messages SET msg = upper(msg) || 'x'"); err != nil {
		t.Fatal(err)
	}
	crashed := copyFiles(t, path)
	if info, err := os.Stat(crashed + "-journal"); err != nil || info.Size() == 0 {
		t.Fatalf("no journal: %v", err)
	}
	if n := auditRows(t, crashed, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
	if _, err := os.Stat(crashed + "-journal"); !os.IsNotExist(err) {
		t.Errorf("the journal still exists: %v", err)
	}
}

// A writer that is killed in WAL mode leaves its acknowledged transactions in the log. The next
// connection recovers these and drops the unfinished one.
func TestALogIsRecovered(t *testing.T) {
	s := newScenario(t, "journal=wal")
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
	crashed := copyFiles(t, path)
	if info, err := os.Stat(crashed + "-wal"); err != nil || info.Size() == 0 {
		t.Fatalf("no log: %v", err)
	}
	if n := auditRows(t, crashed, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
}

// copyFiles copies the files of a database as they are now, which is how a killed process would
// leave them. Another process copies them, because closing them in this one would drop its locks.
func copyFiles(t *testing.T, path string) (copied string) {
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

func TestCreateRejectsAnExistingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := Create(path, newScenario(t, ""), noIDs)
	if err == nil || !strings.Contains(err.Error(), path+": file exists") {
		t.Errorf("error is %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != 0 {
		t.Errorf("the file has %d bytes now, want 0", info.Size())
	}
}
