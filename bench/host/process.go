package host

import (
	"fmt"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// CPUTime returns the processor time, user and system, that this process has used (getrusage(2)).
func CPUTime() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// ProcessCPUTime returns the processor time that the live threads of a process have used: the
// first number of /proc/PID/task/TID/schedstat, in ns
// (https://docs.kernel.org/scheduler/sched-stats.html).
func ProcessCPUTime(pid int) (total time.Duration, err error) {
	texts, err := readThreadFiles(strconv.Itoa(pid), "schedstat")
	for _, text := range texts {
		var used int64
		if _, err := fmt.Sscan(text, &used); err != nil {
			return 0, fmt.Errorf("schedstat of process %d holds %q: %w", pid, text, err)
		}
		total += time.Duration(used)
	}
	return total, err
}

// PrivateBytes returns the memory that a process does not share with others: Private_Clean and
// Private_Dirty of /proc/PID/smaps_rollup (proc_pid_smaps(5)).
func PrivateBytes(pid int) (int64, error) {
	path := fmt.Sprintf("/proc/%d/smaps_rollup", pid)
	kB, err := readNumbers(path, "Private_Clean:", "Private_Dirty:")
	if err != nil {
		return 0, err
	}
	return (kB[0] + kB[1]) * 1024, nil
}
