package sqlitefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// create creates a database by statements and returns its path. The database stays open until the
// end of the test. Reading its files drops the locks of this process, which no other process needs.
func create(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.db")
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	for _, s := range statements {
		if err := sqlitex.ExecuteTransient(conn, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func read(t *testing.T, path string, size int) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text[:min(size, len(text))]
}

func TestHeaderOfADatabaseThatSQLiteWrote(t *testing.T) {
	for _, c := range []struct {
		name       string
		statements []string
		want       Header
	}{
		{"rollback journal", []string{"PRAGMA page_size=1024", "CREATE TABLE t(a)"},
			Header{PageSize: 1024, Changes: 1, Pages: 2}},
		{"pages of 64 KiB", []string{"PRAGMA page_size=65536", "CREATE TABLE t(a)"},
			Header{PageSize: 65536, Changes: 1, Pages: 2}},
		{"two commits", []string{"CREATE TABLE t(a)", "CREATE TABLE u(a)"},
			Header{PageSize: 4096, Changes: 2, Pages: 3}},
		{"WAL", []string{"CREATE TABLE t(a)", "PRAGMA journal_mode=wal"},
			Header{PageSize: 4096, WAL: true, Changes: 2, Pages: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseHeader(read(t, create(t, c.statements...), HeaderSize))
			if err != nil || got != c.want {
				t.Errorf("is %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestFilesThatAreNotDatabasesAreRejected(t *testing.T) {
	good := read(t, create(t, "CREATE TABLE t(a)"), HeaderSize)
	badSize := append([]byte(nil), good...)
	badSize[16], badSize[17] = 3, 0
	for name, b := range map[string][]byte{
		"an empty file": nil, "a short file": good[:50], "text": make([]byte, HeaderSize),
		"a page size that is no power of two": badSize,
	} {
		t.Run(name, func(t *testing.T) {
			if h, err := ParseHeader(b); !errors.Is(err, ErrNotDatabase) {
				t.Errorf("is %+v, %v", h, err)
			}
		})
	}
}

func TestAWALAndItsIndexThatSQLiteWrote(t *testing.T) {
	path := create(t, "PRAGMA journal_mode=wal", "CREATE TABLE t(a)", "PRAGMA wal_checkpoint",
		"INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(2)", "INSERT INTO t VALUES(3)")
	wal, err := ParseWALHeader(read(t, path+WALSuffix, WALHeaderSize))
	if err != nil || wal.PageSize != 4096 || wal.Salt == [8]byte{} {
		t.Errorf("header is %+v, %v", wal, err)
	}
	x, err := ParseWALIndex(read(t, path+WALIndexSuffix, WALIndexSize))
	if err != nil {
		t.Fatal(err)
	}
	if x.PageSize != 4096 || x.Pages != 2 || x.Frames != 3 || x.Pending() != 3 {
		t.Errorf("index is %+v", x)
	}
}

func TestAnIndexThatIsBeingChangedIsRejected(t *testing.T) {
	path := create(t, "PRAGMA journal_mode=wal", "CREATE TABLE t(a)")
	b := read(t, path+WALIndexSuffix, WALIndexSize)
	b[16]++
	if x, err := ParseWALIndex(b); !errors.Is(err, ErrNoIndex) {
		t.Errorf("is %+v, %v", x, err)
	}
}

func TestJournalIsHotOnceItsHeaderIsWritten(t *testing.T) {
	for _, c := range []struct {
		name, sync string
		want       bool
	}{
		{"before the first sync", "full", false},
		{"at once, without syncs", "off", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := create(t, "PRAGMA synchronous="+c.sync, "CREATE TABLE t(a)", "BEGIN",
				"INSERT INTO t VALUES(1)")
			if got := IsHot(read(t, path+JournalSuffix, JournalHeaderSize)); got != c.want {
				t.Errorf("is %v, want %v", got, c.want)
			}
		})
	}
}

func TestJournalOfACommittedTransactionIsNotHot(t *testing.T) {
	for _, mode := range []string{"truncate", "persist"} {
		t.Run(mode, func(t *testing.T) {
			path := create(t, "PRAGMA journal_mode="+mode, "CREATE TABLE t(a)")
			if b := read(t, path+JournalSuffix, JournalHeaderSize); IsHot(b) {
				t.Errorf("%q is hot", b)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(make([]byte, HeaderSize))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := ParseHeader(b); err == nil && !isPageSize(h.PageSize) {
			t.Errorf("header is %+v", h)
		}
		if h, err := ParseWALHeader(b); err == nil && !isPageSize(h.PageSize) {
			t.Errorf("header of the WAL is %+v", h)
		}
		if x, err := ParseWALIndex(b); err == nil && x.Pending() > x.Frames {
			t.Errorf("index is %+v", x)
		}
	})
}
