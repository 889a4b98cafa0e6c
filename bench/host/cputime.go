package host

import (
	"fmt"
	"os"
	"path/filepath"
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
func ProcessCPUTime(pid int) (time.Duration, error) {
	paths, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, err
	}
	var total time.Duration
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // the thread has ended
		}
		if err != nil {
			return 0, err
		}
		var used time.Duration
		if _, err := fmt.Sscan(string(text), (*int64)(&used)); err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		total += used
	}
	return total, nil
}
