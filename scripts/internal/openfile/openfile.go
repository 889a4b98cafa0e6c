// Package openfile finds the processes that have a file open, in /proc. It finds those that opened
// the file under another name, or before it was renamed or deleted, because it compares the files
// themselves.
package openfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// File identifies a file, as stat(2) does.
type File struct{ Device, Inode uint64 }

// Identify identifies an open file.
func Identify(f *os.File) (File, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return File{}, os.NewSyscallError("fstat", err)
	}
	return File{uint64(stat.Dev), stat.Ino}, nil
}

// Descriptor is a file that a process has open.
type Descriptor struct {
	PID  int
	FD   string // its number
	Name string // of the file as /proc shows it, with " (deleted)" if it is
	File File
}

// Path returns a path that opens the same file, also if it is deleted.
func (d Descriptor) Path() string { return fmt.Sprintf("/proc/%d/fd/%s", d.PID, d.FD) }

// Info returns what the kernel says of the open file (proc_pid_fdinfo(5)).
func (d Descriptor) Info() (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%s", d.PID, d.FD))
	return string(text), err
}

// Open is the result of a search.
type Open struct {
	Found []Descriptor // by process
	// Closed is the number of processes whose open files this user must not see.
	Closed int
}

// Find finds the files that match among those that all processes have open, except this one.
func Find(match func(Descriptor) bool) (open Open, err error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return open, err
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		switch err := open.search(pid, match); {
		case errors.Is(err, fs.ErrPermission):
			if hasCommand(pid) {
				open.Closed++
			}
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ESRCH):
			return open, err
		}
	}
	return open, nil
}

// hasCommand reports whether a process has a command line. Threads of the kernel have none, nor has
// a process that has exited. They have no open files.
func hasCommand(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err != nil || len(text) > 0
}

// search looks at the open files of a process.
func (o *Open) search(pid int, match func(Descriptor) bool) error {
	dir := filepath.Join("/proc", strconv.Itoa(pid), "fd")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		d := Descriptor{PID: pid, FD: e.Name()}
		// What has no path is not a file in a directory. It is not looked at, nor is a device.
		d.Name, err = os.Readlink(d.Path())
		if err != nil || !strings.HasPrefix(d.Name, "/") || strings.HasPrefix(d.Name, "/dev/") {
			continue
		}
		var stat unix.Stat_t
		if err := unix.Stat(d.Path(), &stat); err != nil {
			continue // closed by now
		}
		if d.File = (File{uint64(stat.Dev), stat.Ino}); match(d) {
			o.Found = append(o.Found, d)
		}
	}
	return nil
}
