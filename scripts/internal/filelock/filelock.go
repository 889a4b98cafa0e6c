// Package filelock reads which process has which part of a file locked. It takes no lock.
//
// Linux has three sources, and each shows what the others do not:
//
//   - /proc/locks (proc_locks(5)) lists the locks of all processes of this PID namespace, those of
//     other users included. Reading it stops all taking and releasing of file locks on the machine
//     for that time, some microseconds. So it is read now and then, and not in a loop.
//   - /proc/PID/fdinfo/FD lists the locks of one open file. It needs the permission to look into
//     the process, and is the only source that says whose an open file description lock is.
//   - F_OFD_GETLK (fcntl(2)) returns one lock of a part of a file, also if its process is in
//     another PID namespace. It takes a microsecond and delays only calls for the same file.
package filelock

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Lock is a lock of a part of a file, or a process that waits for it.
type Lock struct {
	PID         int // [Hidden], [Unknown], or of the process
	Write       bool
	First, Last int64 // bytes; Last is [math.MaxInt64] for a lock to the end of the file
	Waits       bool  // in the kernel, until other locks are released
	Style       Style
}

// Values of a lock's PID that are not the ID of a process.
const (
	Hidden  = 0  // the process is in another PID namespace
	Unknown = -1 // an open file description has the lock
)

// Style is the kind of a lock.
type Style string

// Styles of locks.
const (
	POSIX Style = "POSIX"  // of a process, as SQLite's default VFS uses it
	OFD   Style = "OFDLCK" // of an open file description
	Flock Style = "FLOCK"  // of flock(2), on the whole file
)

// Covers reports whether a lock covers any of the bytes from first to last.
func (l Lock) Covers(first, last int64) bool { return l.First <= last && first <= l.Last }

// File identifies a file as the kernel's lists do. The device number is that of its filesystem,
// which differs from the one that stat(2) returns on btrfs and overlayfs.
type File struct {
	Major, Minor int
	Inode        uint64
}

// Parse returns the locks of files in the text of /proc/locks. The kernel repeats a line if the
// list changes while it is read in parts, but no process has the same lock twice.
func Parse(text string, files ...File) (map[File][]Lock, error) {
	found := map[File][]Lock{}
	for _, f := range files {
		found[f] = nil
	}
	for line := range strings.Lines(text) {
		l, file, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("/proc/locks: %w", err)
		}
		locks, ok := found[file]
		if repeated := l.PID > 0 && slices.Contains(locks, l); ok && !repeated {
			found[file] = append(locks, l)
		}
	}
	return found, nil
}

// ParseInfo returns the locks in the text of /proc/PID/fdinfo/FD, which are those of the process.
func ParseInfo(text string, pid int) (locks []Lock, err error) {
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, "lock:")
		if !ok {
			continue
		}
		l, _, err := parseLine(rest)
		if err != nil {
			return nil, fmt.Errorf("fdinfo of process %d: %w", pid, err)
		}
		l.PID = pid
		locks = append(locks, l)
	}
	return locks, nil
}

// parseLine reads a line such as "1: POSIX  ADVISORY  WRITE 4711 fe:00:9978257 120 120", or with
// "->" before the style if the process waits.
func parseLine(line string) (l Lock, file File, err error) {
	words := strings.Fields(line)
	if len(words) > 1 && words[1] == "->" {
		l.Waits = true
		words = append(words[:1], words[2:]...)
	}
	if len(words) != 8 {
		return l, file, fmt.Errorf("bad line %q", line)
	}
	l.Style, l.Write = Style(words[1]), words[3] == "WRITE"
	if l.PID, err = strconv.Atoi(words[4]); err != nil {
		return l, file, fmt.Errorf("bad process in %q", line)
	}
	_, err = fmt.Sscanf(words[5], "%x:%x:%d", &file.Major, &file.Minor, &file.Inode)
	if err != nil {
		return l, file, fmt.Errorf("bad file in %q", line)
	}
	if l.First, err = strconv.ParseInt(words[6], 10, 64); err != nil {
		return l, file, fmt.Errorf("bad first byte in %q", line)
	}
	if l.Last = math.MaxInt64; words[7] != "EOF" {
		if l.Last, err = strconv.ParseInt(words[7], 10, 64); err != nil {
			return l, file, fmt.Errorf("bad last byte in %q", line)
		}
	}
	return l, file, nil
}
