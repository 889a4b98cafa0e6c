package host

import (
	"fmt"
	"os"
	"path/filepath"
)

// WorkDir is a fresh directory for database files that nobody else uses.
type WorkDir struct {
	Path string
}

// NewWorkDir makes a work directory in dir, open to this user only. An error names dir and
// what would be right.
func NewWorkDir(dir string) (WorkDir, error) {
	const right = "give an existing directory that you may write to"
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return WorkDir{}, fmt.Errorf("%q does not exist; %s", dir, right)
	case err != nil:
		return WorkDir{}, fmt.Errorf("%q: %v; %s", dir, err, right)
	case !info.IsDir():
		return WorkDir{}, fmt.Errorf("%q is not a directory; %s", dir, right)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return WorkDir{}, fmt.Errorf("%q: %v; %s", dir, err, right)
	}
	path, err := os.MkdirTemp(absolute, ".busybench-*") // mode 0700
	if err != nil {
		return WorkDir{}, fmt.Errorf("%q is not writable (%v); %s", dir, err, right)
	}
	return WorkDir{path}, nil
}

// Remove removes the directory with all it holds. It renames it first, so that writers of this
// process that are still at work when it is interrupted cannot make a journal in it meanwhile.
func (w WorkDir) Remove() error {
	doomed := w.Path + ".removing"
	if err := os.Rename(w.Path, doomed); err != nil {
		return err
	}
	return os.RemoveAll(doomed)
}
