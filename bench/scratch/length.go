package scratch

import (
	"fmt"
	"path/filepath"
)

// maxFileName is the longest name, below the directory that holds a work directory, of a file that
// SQLite opens. [os.MkdirTemp] appends at most ten digits.
const maxFileName = "/.busybench-4294967295/round-4294967295/messages.db-journal"

// sqliteMaxPath is SQLite's limit on the length of a path in bytes, without symbolic links
// (MAX_PATHNAME in https://www.sqlite.org/src/doc/trunk/src/os_unix.c). It applies to the
// database's path with "-journal" appended, in each journal mode.
const sqliteMaxPath = 512

// checkLength rejects a directory if SQLite could not open database files in a work directory in
// it.
func checkLength(dir string) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	const limit = sqliteMaxPath - len(maxFileName)
	if n := max(len(dir), len(real)); n > limit {
		return fmt.Errorf("%q has a path of %d bytes; give a directory of at most %d bytes, "+
			"because SQLite opens no path of more than %d", dir, n, limit, sqliteMaxPath)
	}
	return nil
}
