package filelock

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// Query returns a lock of another open file that keeps this one from a lock of the bytes from first
// to last: from a write lock, which any lock does, or from a read lock, which write locks do. It
// reports whether there is one. If there are several, it returns one of them.
func Query(fd uintptr, write bool, first, last int64) (l Lock, found bool, err error) {
	query := unix.Flock_t{Type: unix.F_RDLCK, Start: first, Len: last - first + 1}
	if write {
		query.Type = unix.F_WRLCK
	}
	for {
		if err = unix.FcntlFlock(fd, unix.F_OFD_GETLK, &query); err != unix.EINTR {
			break
		}
	}
	if err != nil || query.Type == unix.F_UNLCK {
		return Lock{}, false, os.NewSyscallError("fcntl F_OFD_GETLK", err)
	}
	l = Lock{PID: int(query.Pid), Write: query.Type == unix.F_WRLCK, First: query.Start,
		Last: query.Start + query.Len - 1, Style: POSIX}
	if query.Len == 0 {
		l.Last = math.MaxInt64
	}
	if l.PID == Unknown {
		l.Style = OFD
	}
	return l, true, nil
}

// Open opens a file for queries and for reading. It does not change the time of the last access if
// the file is this user's. It fails for anything but a regular file, which opening it might change.
func Open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: ErrIrregular}
	}
	const flags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
	for _, more := range []int{unix.O_NOATIME, 0} {
		var fd int
		if fd, err = open(path, flags|more); err == nil {
			return os.NewFile(uintptr(fd), path), nil
		}
		if err != unix.EPERM {
			break
		}
	}
	return nil, &os.PathError{Op: "open", Path: path, Err: err}
}

func open(path string, flags int) (fd int, err error) {
	for {
		if fd, err = unix.Open(path, flags, 0); err != unix.EINTR {
			return fd, err
		}
	}
}
