package host

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Capacity is how much of something this machine has left for this process and its children.
type Capacity struct {
	Free  int64  // at most; 0 where nothing is left
	Limit string // what bounds it, in words that a user can look up
}

// FreeMemory is the memory, in bytes, that can be used without swapping or pushing anybody out:
// MemAvailable of /proc/meminfo (proc_meminfo(5)), or what a control group leaves.
func FreeMemory() (Capacity, error) {
	kB, err := field("/proc/meminfo", "MemAvailable:", 1)
	if err != nil {
		return Capacity{}, err
	}
	room := Capacity{kB * 1024, "the machine's free memory (MemAvailable)"}
	return tightest(room, groupRoom("memory", "memory.max", "memory.current", "memory.limit_in_bytes", "memory.usage_in_bytes")), nil
}

// FreeThreads is how many more threads this user may start, those of child processes included:
// what the kernel's own limits leave (proc_sys_kernel(5)), the user's (getrlimit(2), RLIMIT_NPROC, raised
// where that is allowed), or a control group's.
func FreeThreads() (Capacity, error) {
	running, err := allThreads()
	if err != nil {
		return Capacity{}, err
	}
	room := Capacity{math.MaxInt64, "nothing"}
	for _, name := range []string{"pid_max", "threads-max"} {
		limit, err := number("/proc/sys/kernel/" + name)
		if err != nil {
			return Capacity{}, err
		}
		room = tightest(room, Capacity{limit - running, "kernel." + name})
	}
	mine, err := userRoom()
	if err != nil {
		return Capacity{}, err
	}
	return tightest(room, mine, groupRoom("pids", "pids.max", "pids.current", "pids.max", "pids.current")), nil
}

// userRoom is what RLIMIT_NPROC leaves this user. The kernel does not hold processes with
// CAP_SYS_RESOURCE or CAP_SYS_ADMIN to it.
func userRoom() (Capacity, error) {
	const sysAdmin, sysResource = 1 << unix.CAP_SYS_ADMIN, 1 << unix.CAP_SYS_RESOURCE
	word, err := fieldText("/proc/self/status", "CapEff:", 1)
	if err != nil {
		return Capacity{}, err
	}
	if capabilities, err := strconv.ParseUint(word, 16, 64); err == nil && capabilities&(sysAdmin|sysResource) != 0 {
		return Capacity{math.MaxInt64, "nothing"}, nil
	}
	allowed, err := raise(unix.RLIMIT_NPROC, math.MaxInt64)
	if err != nil {
		return Capacity{}, fmt.Errorf("limit of processes: %w", err)
	}
	return Capacity{allowed - userThreads(os.Getuid()), "the user's limit of processes (ulimit -u)"}, nil
}

// userThreads counts the threads of a user's processes, those that may be seen.
func userThreads(uid int) (n int64) {
	paths, _ := filepath.Glob("/proc/[0-9]*/status") // the pattern is in order
	for _, path := range paths {
		owner, err := field(path, "Uid:", 1)
		threads, err2 := field(path, "Threads:", 1)
		if err == nil && err2 == nil && owner == int64(uid) { // else it has ended meanwhile
			n += threads
		}
	}
	return n
}

// allThreads counts the threads of the machine: the second number in the fourth field of
// /proc/loadavg (proc_loadavg(5)).
func allThreads() (int64, error) {
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

func tightest(rooms ...Capacity) Capacity {
	least := rooms[0]
	for _, r := range rooms[1:] {
		if r.Free < least.Free {
			least = r
		}
	}
	least.Free = max(least.Free, 0)
	return least
}
