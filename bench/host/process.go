package host

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CPUTime returns the processor time, user and system, that this process has used (getrusage(2)).
func CPUTime() time.Duration { return cpuTime(unix.RUSAGE_SELF) }

// cpuTime is CPUTime for RUSAGE_SELF or RUSAGE_CHILDREN: children that have been waited for.
func cpuTime(who int) time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(who, &usage); err != nil {
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

// Process identifies a process. Its ID alone does not: later processes and those of other PID
// namespaces have the same ID.
type Process struct {
	PID          int    `json:"pid"`
	Start        int64  `json:"start_ticks"` // since the boot
	Boot         string `json:"boot_id"`
	PIDNamespace string `json:"pid_namespace"`
}

// ThisProcess identifies this process.
func ThisProcess() (Process, error) { return FindProcess(os.Getpid()) }

// FindProcess identifies a process of this PID namespace.
func FindProcess(pid int) (Process, error) {
	s, err := readStat(strconv.Itoa(pid))
	if err != nil {
		return Process{}, err
	}
	// Without these two facts, as in some sandboxes, ID and start time have to do.
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return Process{pid, s.start, strings.TrimSpace(string(boot)), namespace}, nil
}

// IsRunning reports whether a process is known to run: a process of this boot of the machine and
// of this PID namespace that has not ended. A zombie has ended.
func (p Process) IsRunning() bool {
	found, err := FindProcess(p.PID)
	if err != nil || found != p {
		return false
	}
	return IsAlive(p.PID)
}
