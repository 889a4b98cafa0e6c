package scratch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"
)

// What a run makes for itself it keeps locked (flock(2)) while it lives. The kernel lets the lock go however
// the run ends, so what is not locked has been left by one that was killed, and the next run removes it.

// lockOwned opens what this run has just made at a path and locks it. It is not ok where another run took it for abandoned before it
// was locked, and has removed it.
func lockOwned(path string) (lock *os.File, ok bool, err error) {
	lock, err = openOwned(path)
	if err != nil {
		if os.IsNotExist(err) {
			err = nil
		}
		return nil, false, err
	}
	// On a filesystem without such locks nobody can lock it, and nobody removes it.
	_ = Flock(lock, unix.LOCK_EX)
	if !stillAt(path, lock) {
		lock.Close()
		return nil, false, nil
	}
	return lock, true, nil
}

// removeAbandoned removes what matches a pattern of [os.MkdirTemp] in a directory and no living run has locked. It follows no
// symbolic link, and leaves what it may not remove.
func removeAbandoned(dir, pattern string, kind fs.FileMode) {
	before, after, _ := strings.Cut(pattern, "*")
	name := regexp.MustCompile("^" + regexp.QuoteMeta(before) + `[0-9]+` + regexp.QuoteMeta(after) + "(" + regexp.QuoteMeta(removing) + ")?$")
	entries, _ := os.ReadDir(dir) // who cannot read it has left nothing
	for _, e := range entries {
		if !name.MatchString(e.Name()) || e.Type() != kind {
			continue
		}
		path := filepath.Join(dir, e.Name())
		lock, err := openOwned(path)
		if err != nil {
			continue
		}
		if Flock(lock, unix.LOCK_EX|unix.LOCK_NB) == nil && stillAt(path, lock) {
			_ = os.RemoveAll(path)
		}
		lock.Close()
	}
}

func openOwned(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
}

// stillAt reports whether a path is that of an open file.
func stillAt(path string, file *os.File) bool {
	there, err := os.Lstat(path)
	if err != nil {
		return false
	}
	opened, err := file.Stat()
	return err == nil && os.SameFile(there, opened)
}
