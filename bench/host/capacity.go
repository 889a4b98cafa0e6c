package host

import (
	"fmt"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Capacity is how much of a resource is left for this process and its children.
type Capacity struct {
	Free  int64  // upper bound; 0 if nothing is left
	Limit string // what bounds it, in words that a user can look up
}

// unlimited returns the capacity of a resource that has no limit.
func unlimited() Capacity { return Capacity{math.MaxInt64, "nothing"} }

// minCapacity returns the smallest of several capacities, at least 0.
func minCapacity(first Capacity, others ...Capacity) Capacity {
	smallest := first
	for _, c := range others {
		if c.Free < smallest.Free {
			smallest = c
		}
	}
	smallest.Free = max(smallest.Free, 0)
	return smallest
}

// FreeMemory is the memory, in bytes, that can be used without swapping: MemAvailable of
// /proc/meminfo (proc_meminfo(5)), or what a control group leaves.
func FreeMemory() (Capacity, error) {
	kB, err := readNumbers("/proc/meminfo", "MemAvailable:")
	if err != nil {
		return Capacity{}, err
	}
	return minCapacity(
		Capacity{kB[0] * 1024, "the machine's free memory (MemAvailable)"},
		cgroupCapacity("memory", memoryFiles, memoryFilesV1),
	), nil
}

// FreeThreads is the number of threads that this user may still start, including those of child
// processes: what is left by the kernel's own limits (proc_sys_kernel(5)), by the user's limit
// (getrlimit(2), RLIMIT_NPROC, raised if that is allowed), or by a control group's.
func FreeThreads() (Capacity, error) {
	running, err := countThreads()
	if err != nil {
		return Capacity{}, err
	}
	capacity := unlimited()
	for _, name := range []string{"pid_max", "threads-max"} {
		limit, err := readNumber("/proc/sys/kernel/" + name)
		if err != nil {
			return Capacity{}, err
		}
		capacity = minCapacity(capacity, Capacity{limit - running, "kernel." + name})
	}
	user, err := userCapacity()
	if err != nil {
		return Capacity{}, err
	}
	return minCapacity(capacity, user, cgroupCapacity("pids", threadFiles, threadFiles)), nil
}

// userCapacity is what RLIMIT_NPROC leaves this user. The kernel does not apply it to processes
// with CAP_SYS_RESOURCE or CAP_SYS_ADMIN.
func userCapacity() (Capacity, error) {
	const exempt = 1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_SYS_RESOURCE
	words, err := readFields("/proc/self/status", "CapEff:")
	if err != nil {
		return Capacity{}, err
	}
	if set, err := strconv.ParseUint(words[0], 16, 64); err == nil && set&exempt != 0 {
		return unlimited(), nil
	}
	limit, err := raiseLimit(unix.RLIMIT_NPROC, math.MaxInt64)
	if err != nil {
		return Capacity{}, fmt.Errorf("limit of processes: %w", err)
	}
	const name = "the user's limit of processes (ulimit -u)"
	return Capacity{limit - countUserThreads(os.Getuid()), name}, nil
}

// countUserThreads counts the threads of those processes of a user that are visible.
func countUserThreads(uid int) (n int64) {
	paths, _ := filepath.Glob("/proc/[0-9]*/status") // the pattern is valid
	for _, path := range paths {
		numbers, err := readNumbers(path, "Uid:", "Threads:")
		if err == nil && numbers[0] == int64(uid) { // an error means that it has ended
			n += numbers[1]
		}
	}
	return n
}

// countThreads counts the threads of the machine: the second number in the fourth field of
// /proc/loadavg (proc_loadavg(5)).
func countThreads() (int64, error) {
	const path = "/proc/loadavg"
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	if fields := strings.Fields(string(text)); len(fields) > 3 {
		_, all, _ := strings.Cut(fields[3], "/")
		return strconv.ParseInt(all, 10, 64)
	}
	return 0, fmt.Errorf("%s holds %q", path, text)
}

// FreeDisk is the space, in bytes, that this user may still fill on the filesystem of a directory
// (statfs(2)). A filesystem that states no size, such as ramfs, is taken as unlimited.
func FreeDisk(dir string) (Capacity, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return Capacity{}, fmt.Errorf("statfs %s: %w", dir, err)
	}
	return diskCapacity(fs), nil
}

func diskCapacity(fs unix.Statfs_t) Capacity {
	if fs.Blocks == 0 {
		return unlimited()
	}
	// The counts are in fragments (statvfs(3)), which are as long as blocks if not given.
	unit := uint64(fs.Frsize)
	if unit == 0 {
		unit = uint64(fs.Bsize)
	}
	high, free := bits.Mul64(fs.Bavail, unit)
	if high != 0 {
		return unlimited()
	}
	return Capacity{clampToInt64(free), "the filesystem's free space (df)"}
}
