// Package host knows the machine: its clock, the header lines that describe it, the filesystem
// that the database files lie on, the directory they lie in, how fast the disk can sync, and which
// threads of this process sleep.
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

// Header describes this machine and the filesystem that is measured. It is the same on every run,
// so that benchstat does not take two runs for two machines.
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
