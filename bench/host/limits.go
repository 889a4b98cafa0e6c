package host

import (
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// RaiseFiles sees to it that this process may have n file descriptors open: it raises the soft
// limit, and the hard one where that is allowed (getrlimit(2), RLIMIT_NOFILE). Where it could not, free
// is below n.
func RaiseFiles(n int64) (Capacity, error) {
	allowed, err := raise(unix.RLIMIT_NOFILE, n)
	if err != nil {
		return Capacity{}, fmt.Errorf("limit of open files: %w", err)
	}
	return Capacity{allowed, "the limit of open files (ulimit -n)"}, nil
}

// OpenFiles counts the file descriptors that this process has open.
func OpenFiles() (n int64, err error) {
	entries, err := os.ReadDir("/proc/self/fd")
	return int64(len(entries)), err
}

// raise raises a resource's soft limit to at least n, as far as that is allowed, and gives it. A
// soft limit that is higher stays.
func raise(resource int, n int64) (allowed int64, err error) {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return 0, err
	}
	want := uint64(n)
	if now.Cur >= want {
		return clamp(now.Cur), nil
	}
	for _, try := range []unix.Rlimit{{Cur: want, Max: max(want, now.Max)}, {Cur: now.Max, Max: now.Max}} {
		if unix.Setrlimit(resource, &try) == nil {
			return clamp(try.Cur), nil
		}
	}
	return clamp(now.Cur), nil
}

func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }
