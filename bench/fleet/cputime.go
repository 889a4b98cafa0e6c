package fleet

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// CPUTime is the processor time that the fleet's writer processes have used since they were started, all
// threads that live together: the first figure of /proc/PID/task/TID/schedstat, in ns
// (https://docs.kernel.org/scheduler/sched-stats.html).
func (f *Fleet) CPUTime() (time.Duration, error) {
	total, err := f.sum("processor time", cpuTime)
	return time.Duration(total), err
}

func cpuTime(pid int) (total int64, err error) {
	paths, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // the thread has ended meanwhile
		}
		if err != nil {
			return 0, err
		}
		var used int64
		if _, err := fmt.Sscan(string(text), &used); err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		total += used
	}
	return total, nil
}
