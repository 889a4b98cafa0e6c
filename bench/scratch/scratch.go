// Package scratch makes directories and files that a run removes at its end, and that the next run
// removes if it was killed.
//
// A run owns what it has made as long as it holds a lock on it (flock(2)). The kernel releases the
// lock however the run ends, so a path with one of this package's names (.busybench-N, and
// FILE.partial-N beside FILE) that no run has locked is abandoned.
//
//   - To make something: create it under a name of its own, open it, and lock it. Another run may
//     consider it abandoned before it is locked, and remove it. So after locking, check that the
//     path still names the locked file; if not, start again.
//   - To remove what is abandoned: open it, lock it without waiting, and make the same check. A
//     path that is another file by now belongs to another run. What is on another device than the
//     directory it is in, such as a mount point, was made by no run.
//
// A directory can hold more than a run's own files, so its name and a free lock do not suffice to
// remove it. A run writes a file into it that identifies its process. A directory without such a
// file is not removed, nor is one whose process is known to run: not every filesystem shows the
// locks of others, for example a bind mount by FUSE.
//
// On a filesystem without locks nothing can be locked, so nothing is removed.
package scratch

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Flock calls flock(2), again if a signal interrupts it, such as those that Go's
// scheduler sends.
func Flock(file *os.File, how int) error {
	for {
		if err := unix.Flock(int(file.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}

// lock locks a file that this run has made. It reports false if another run has removed the file
// before it was locked.
func lock(file *os.File) bool {
	_ = Flock(file, unix.LOCK_EX) // an error means that this filesystem has no locks
	return IsAt(file.Name(), file)
}

// removeAbandoned calls remove for what has a name of a pattern of [os.MkdirTemp], is of a type,
// and is abandoned. It does not follow symbolic links. An error leaves the file in place.
func removeAbandoned(dir, pattern string, fileType fs.FileMode, remove func(path string) error) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Type() == fileType && isTemporaryName(e.Name(), pattern) {
			removeIfAbandoned(filepath.Join(dir, e.Name()), remove)
		}
	}
}

func removeIfAbandoned(path string, remove func(path string) error) {
	file, err := openNoFollow(path)
	if err != nil {
		return
	}
	defer file.Close()
	if Flock(file, unix.LOCK_EX|unix.LOCK_NB) == nil && IsAt(path, file) &&
		isOnDevice(file, filepath.Dir(path)) {
		_ = remove(path)
	}
}

// isTemporaryName reports whether [os.MkdirTemp] can make a name from a pattern. The suffix of a
// directory that is being removed may follow.
func isTemporaryName(name, pattern string) bool {
	before, after, _ := strings.Cut(pattern, "*")
	name, hasBefore := strings.CutPrefix(strings.TrimSuffix(name, removing), before)
	number, hasAfter := strings.CutSuffix(name, after)
	return hasBefore && hasAfter && number != "" && strings.Trim(number, "0123456789") == ""
}

func openNoFollow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
}

// IsAt reports whether a path is that of an open file.
func IsAt(path string, file *os.File) bool {
	atPath, err := os.Lstat(path)
	if err != nil {
		return false
	}
	opened, err := file.Stat()
	return err == nil && os.SameFile(atPath, opened)
}

// isOnDevice reports whether an open file is on the same device as a directory.
func isOnDevice(file *os.File, dir string) bool {
	of, err := file.Stat()
	if err != nil {
		return false
	}
	at, err := os.Stat(dir)
	return err == nil && of.Sys().(*syscall.Stat_t).Dev == at.Sys().(*syscall.Stat_t).Dev
}
