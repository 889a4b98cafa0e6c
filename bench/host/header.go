// Package host reports facts about the machine: what a header says of it, the filesystem of a
// directory, how much memory and how many threads and files are left, what processes use of them,
// how fast the disk syncs, and what disturbed a run.
//
// Writers link this package, and each has a process of its own. A large table or a regular
// expression at package level would cost every one of them memory.
package host

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/sys/unix"
)

// Line is a header line of a result file: "key: value".
type Line struct {
	Key, Value string
}

// Header describes this machine and the filesystem under test. It is the same on every run, so
// that benchstat does not take two runs for two machines. It has a quota only if that is below the
// number of cores.
func Header(fs Filesystem) []Line {
	lines := []Line{
		{"filesystem", fs.Type},
		{"kernel", kernel()},
		{"cores", strconv.Itoa(runtime.NumCPU())},
		{"go", runtime.Version()},
	}
	return append(lines, quotaLine(systemRoot, runtime.NumCPU())...)
}

func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
}

// GoEnv returns the environment variables that change how Go's runtime performs, such as
// "GOGC=50 GOMEMLIMIT=1GiB". It is empty if none is set. A value that is not one printable word is
// quoted.
func GoEnv() string {
	var settings []string
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS"} {
		value := os.Getenv(name)
		if value == "" {
			continue // to the runtime the same as unset
		}
		if strings.ContainsFunc(value, isNotWord) {
			value = strconv.Quote(value)
		}
		settings = append(settings, name+"="+value)
	}
	return strings.Join(settings, " ")
}

func isNotWord(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
