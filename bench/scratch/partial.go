package scratch

import (
	"os"
	"path/filepath"
)

// CreatePartial creates a file beside a path, to be renamed to that path when it is complete. It
// removes the partial files that killed runs left for the same path. The caller owns the file as
// long as it is open.
func CreatePartial(path string) (*os.File, error) {
	dir, pattern := filepath.Dir(path), filepath.Base(path)+".partial-*"
	removeAbandoned(dir, pattern, 0, os.Remove)
	for {
		file, err := os.CreateTemp(dir, pattern)
		if err != nil {
			return nil, err
		}
		if lock(file) {
			return file, nil
		}
		file.Close()
	}
}
