package scratch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// makeLongDir makes a directory whose path has a given length.
func makeLongDir(t *testing.T, length int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for len(dir) < length {
		rest := length - len(dir) - 1
		part := min(rest, 100)
		if rest-part == 1 { // one byte would be left, which is only a slash
			part--
		}
		dir += "/" + strings.Repeat("d", part)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWorkDirWhosePathIsTooLongForSQLiteIsRefused(t *testing.T) {
	const limit = 453
	check := func(t *testing.T, dir string) {
		_, err := NewWorkDir(dir)
		if err == nil {
			t.Fatal("no error")
		}
		for _, want := range []string{"454 bytes", "at most 453", "512"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %q in it", err, want)
			}
		}
	}
	tooLong := makeLongDir(t, limit+1)
	t.Run("path", func(t *testing.T) { check(t, tooLong) })
	t.Run("target of a symbolic link", func(t *testing.T) {
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(tooLong, link); err != nil {
			t.Fatal(err)
		}
		check(t, link)
	})
	t.Run("longest path that is allowed", func(t *testing.T) {
		w, err := NewWorkDir(makeLongDir(t, limit))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Remove(); err != nil {
			t.Error(err)
		}
	})
}

func TestSQLiteOpensTheLongestPathThatIsAllowed(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for _, c := range []struct {
			length int
			ok     bool
		}{
			{sqliteMaxPath - len(maxFileName), true},
			{sqliteMaxPath - len(maxFileName) + 1, false},
		} {
			t.Run(fmt.Sprintf("journal=%s length=%d", journal, c.length), func(t *testing.T) {
				dir := makeLongDir(t, c.length)
				path := dir + strings.TrimSuffix(maxFileName, "-journal")
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := createTable(path, journal); (err == nil) != c.ok {
					t.Errorf("a path of %d bytes: %v", len(path), err)
				}
			})
		}
	}
}

func createTable(path, journal string) error {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := sqlitex.ExecuteTransient(db, "PRAGMA journal_mode="+journal, nil); err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(db, "CREATE TABLE messages(msg TEXT)", nil)
}
