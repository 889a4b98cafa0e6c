package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tick is the unit of /proc/stat, USER_HZ (time(7)).
const tick = 10 * time.Millisecond

// ticks is the time that cores have spent since the boot.
type ticks struct {
	busy   int64 // in processes and in the kernel, but not in interrupts
	kernel int64 // of busy, in threads of the kernel that are visible
	steal  int64 // taken by the hypervisor for other virtual machines
	total  int64
}

// readTicks sums up the lines of /proc/stat (proc_stat(5)) of the cores that this process may use.
// Interrupts do not count as busy: they cannot be ascribed to a process, and those of the disk are
// as a rule its own.
func readTicks(root string, mayUse func(core int) bool) (sum ticks, err error) {
	path := filepath.Join(root, "proc/stat")
	text, err := os.ReadFile(path)
	if err != nil {
		return ticks{}, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		number, isCPU := strings.CutPrefix(fields[0], "cpu")
		core, err := strconv.Atoi(number)
		if !isCPU || err != nil || !mayUse(core) {
			continue
		}
		if len(fields) < 9 {
			return ticks{}, fmt.Errorf("%s: bad line %q", path, line)
		}
		// user, nice, system, idle, iowait, irq, softirq, steal. What follows is part of user.
		var n [8]int64
		for i := range n {
			if n[i], err = strconv.ParseInt(fields[i+1], 10, 64); err != nil {
				return ticks{}, fmt.Errorf("%s: %w", path, err)
			}
			sum.total += n[i]
		}
		sum.busy += n[0] + n[1] + n[2]
		sum.steal += n[7]
	}
	if sum.total == 0 {
		return ticks{}, fmt.Errorf("%s counts no time", path) // as in some sandboxes
	}
	sum.kernel = readKernelTicks(root)
	return sum, nil
}

// kernelThread is a flag of threads of the kernel, PF_KTHREAD of include/linux/sched.h.
const kernelThread = 0x00200000

// readKernelTicks returns the processor time of the kernel's own threads. It is 0 in a PID
// namespace, which does not show them.
func readKernelTicks(root string) (sum int64) {
	paths, _ := filepath.Glob(filepath.Join(root, "proc/[0-9]*/stat")) // the pattern is valid
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		if s, err := parseStat(string(text)); err == nil && s.flags&kernelThread != 0 {
			sum += s.used
		}
	}
	return sum
}

// allowedCores returns a function that reports whether this process may use a core
// (sched_setaffinity(2)).
func allowedCores() func(core int) bool {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return func(int) bool { return true } // as on a machine with more cores than the set holds
	}
	return set.IsSet
}
