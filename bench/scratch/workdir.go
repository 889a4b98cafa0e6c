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
	if err := checkLength(absolute); err != nil {
		return WorkDir{}, err
	}
	removeAbandoned(absolute, workDirs, fs.ModeDir, removeIfOwnerEnded)
	path, err := os.MkdirTemp(absolute, workDirs) // mode 0700
	if err != nil {
		return WorkDir{}, fmt.Errorf("%q is not writable (%v); %s", dir, err, right)
	}
	w, err := takeOver(path)
	if err != nil {
		os.RemoveAll(path)
		return WorkDir{}, fmt.Errorf("%q cannot hold a work directory: %w", dir, err)
	}
	return w, nil
}

// takeOver locks a new directory and writes the owner file. Other runs leave the directory alone
// until that file is there.
func takeOver(path string) (WorkDir, error) {
	file, err := openNoFollow(path)
	if err != nil {
		return WorkDir{}, err
	}
	if lock(file) {
		err = writeOwner(path)
	} else {
		err = fmt.Errorf("%s was removed by another process", path)
	}
	if err != nil {
		file.Close()
		return WorkDir{}, err
	}
	return WorkDir{path, file}, nil
}

// Remove removes the directory and its content. It renames it first: when a run is interrupted,
// writers of this process are still active and could otherwise create a journal in it.
func (w WorkDir) Remove() error {
	defer w.lock.Close()
	doomed := w.Path + removing
	if err := os.Rename(w.Path, doomed); err != nil {
		return err
	}
	return removeOwned(doomed)
}
