package scratch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WorkDir is a fresh directory for database files that nobody else uses.
type WorkDir struct {
	Path string
	lock *os.File
}

// workDirs is the pattern of their names.
const workDirs = ".busybench-*"

// removing ends the name of a directory that is being removed.
const removing = ".removing"

// NewWorkDir makes a work directory in dir, open to this user only, and removes those that runs left there which were
// killed. An error names dir and what would be right.
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
	removeAbandoned(absolute, workDirs, fs.ModeDir)
	for {
		path, err := os.MkdirTemp(absolute, workDirs) // mode 0700
		if err != nil {
			return WorkDir{}, fmt.Errorf("%q is not writable (%v); %s", dir, err, right)
		}
		if lock, ok, err := lockOwned(path); ok || err != nil {
			return WorkDir{path, lock}, err
		}
	}
}

// Remove removes the directory with all it holds. It renames it first, so that writers of this
// process that are still at work when it is interrupted cannot make a journal in it meanwhile.
func (w WorkDir) Remove() error {
	defer w.lock.Close()
	doomed := w.Path + removing
	if err := os.Rename(w.Path, doomed); err != nil {
		return err
	}
	return os.RemoveAll(doomed)
}
