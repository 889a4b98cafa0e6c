package host

import (
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// RaiseFileLimit raises the soft limit of open file descriptors to at least n, and the hard limit
// too if that is allowed (getrlimit(2), RLIMIT_NOFILE). It returns the limit that is now in force,
// which is below n if it could not be raised that far.
func RaiseFileLimit(n int64) (Capacity, error) {
	limit, err := raiseLimit(unix.RLIMIT_NOFILE, n)
	if err != nil {
		return Capacity{}, fmt.Errorf("limit of open files: %w", err)
	}
	return Capacity{limit, "the limit of open files (ulimit -n)"}, nil
}

// OpenFiles counts the file descriptors that this process has open.
func OpenFiles() (n int64, err error) {
	entries, err := os.ReadDir("/proc/self/fd")
	return int64(len(entries)), err
}

// raiseLimit raises a resource's soft limit to n, or as far as that is allowed, and returns it. It
// never lowers a limit.
func raiseLimit(resource int, n int64) (int64, error) {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return 0, err
	}
	need := uint64(n)
	if now.Cur >= need {
		return clampToInt64(now.Cur), nil
	}
	for _, try := range []unix.Rlimit{
		{Cur: need, Max: max(need, now.Max)},
		{Cur: now.Max, Max: now.Max},
	} {
		if unix.Setrlimit(resource, &try) == nil {
			return clampToInt64(try.Cur), nil
		}
	}
	return clampToInt64(now.Cur), nil
}

func clampToInt64(n uint64) int64 { return int64(min(n, math.MaxInt64)) }
