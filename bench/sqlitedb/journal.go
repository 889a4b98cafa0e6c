package sqlitedb

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// HasHotJournal reports whether a database that no process has open has a rollback journal to roll
// back, or a write-ahead log to recover. SQLite marks a journal as finished by deleting it,
// truncating it to nothing, or overwriting its start with zeros.
func HasHotJournal(path string) (bool, error) {
	for _, suffix := range []string{"-journal", "-wal"} {
		if hot, err := startsNonZero(path + suffix); hot || err != nil {
			return hot, err
		}
	}
	return false, nil
}

// startsNonZero reports whether a file exists and its first byte is not zero.
func startsNonZero(path string) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	first := make([]byte, 1)
	if n, err := file.Read(first); n == 1 {
		return first[0] != 0, nil
	} else if err != nil && err != io.EOF {
		return false, err
	}
	return false, nil
}
