// Package host reports facts about the machine: what a header says of it, the filesystem of a
// directory, how much memory and how many threads and files are left, what processes use of them,
// and how fast the disk syncs.
//
// Writers link this package, and each has a process of its own. A large table or a regular
// expression at package level would cost every one of them memory.
package host

import (
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// Line is a header line of a result file: "key: value".
type Line struct {
	Key, Value string
}

// Header describes this machine and the filesystem under test. It is the same on every run, so
// that benchstat does not take two runs for two machines.
func Header(fs Filesystem) []Line {
	return []Line{
		{"filesystem", fs.Type},
		{"kernel", kernel()},
		{"cores", strconv.Itoa(runtime.NumCPU())},
		{"go", runtime.Version()},
	}
}

func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
}
