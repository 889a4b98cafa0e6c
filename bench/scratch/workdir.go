package scratch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WorkDir is a new directory for database files that no other run uses.
type WorkDir struct {
	Path string
	lock *os.File
}

// workDirs is the pattern of their names.
const workDirs = ".busybench-*"

// removing ends the name of a directory that is being removed.
const removing = ".removing"

// NewWorkDir makes a work directory in dir that only this user can open. It removes the work
// directories that killed runs left there. An error names dir and says what would be right.
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
		file, err := openNoFollow(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return WorkDir{}, err
		}
		if lock(file) {
			return WorkDir{path, file}, nil
		}
		file.Close()
	}
}

// Remove removes the directory and its content. It renames it first: when a run is interrupted,
// writers of this process are still active and could otherwise create a journal in it.
func (w WorkDir) Remove() error {
	defer w.lock.Close()
	doomed := w.Path + removing
	if err := os.Rename(w.Path, doomed); err != nil {
		return err
	}
	return os.RemoveAll(doomed)
}
