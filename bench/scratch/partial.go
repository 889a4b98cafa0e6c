package scratch

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// CreatePartial creates a file beside the one that a path names, for what becomes that file when it is whole, and removes those
// that runs left there which were killed.
func CreatePartial(path string) (*os.File, error) {
	dir, pattern := filepath.Dir(path), filepath.Base(path)+".partial-*"
	removeAbandoned(dir, pattern, 0)
	for {
		file, err := os.CreateTemp(dir, pattern)
		if err != nil {
			return nil, err
		}
		// The lock belongs to the open file, so it lasts as long as this one is open.
		if _ = Flock(file, unix.LOCK_EX); stillAt(file.Name(), file) {
			return file, nil
		}
		file.Close()
	}
}
