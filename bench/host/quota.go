package host

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// quotaLine is the header line on the CPU quota, if that is below the number of cores.
func quotaLine(root string, cores int) []Line {
	quota, ok := quotaBelow(root, cores)
	if !ok {
		return nil
	}
	return []Line{{"quota", formatQuota(quota) + " cores"}}
}

// QuotaWarning says why results under a CPU quota may mislead. It is empty unless the quota is
// below the number of cores.
func QuotaWarning() string { return quotaWarning(systemRoot, runtime.NumCPU()) }

func quotaWarning(root string, cores int) string {
	quota, ok := quotaBelow(root, cores)
	if !ok {
		return ""
	}
	return fmt.Sprintf("a control group limits this run to the time of %s of %d cores (cpu.max): "+
		"when it is used up, all writers wait, and so does the one that has the lock",
		formatQuota(quota), cores)
}

func quotaBelow(root string, cores int) (quota float64, ok bool) {
	quota = readQuota(root)
	return quota, quota >= 0 && quota < float64(cores)
}

// readQuota returns the smallest CPU quota, in cores, of the control groups of this process. It is
// infinite if none of them has one, and [unknown] if the groups are not visible.
func readQuota(root string) float64 {
	dirs := visibleGroups(root)
	if len(dirs) == 0 {
		return unknown
	}
	quota := math.Inf(1)
	for _, dir := range dirs {
		cores, err := groupQuota(dir)
		if err != nil {
			return unknown
		}
		quota = min(quota, cores)
	}
	return quota
}

// visibleGroups returns the directories of those control groups of this process that may have a CPU
// quota and whose files are visible.
func visibleGroups(root string) (visible []string) {
	for _, g := range controlGroups(root, "cpu") {
		for _, dir := range g.dirs() {
			// Every group has this file.
			if _, err := os.Stat(filepath.Join(dir, "cgroup.procs")); err == nil {
				visible = append(visible, dir)
			}
		}
	}
	return visible
}

// groupQuota reads the CPU quota of a control group: cpu.max of version 2, cpu.cfs_quota_us and
// cpu.cfs_period_us of version 1. Groups without these files have none
// (https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files,
// https://docs.kernel.org/scheduler/sched-bwc.html).
func groupQuota(dir string) (cores float64, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "cpu.max"))
	if err == nil {
		quota, period, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
		return divideQuota(quota, period)
	}
	quota, err := os.ReadFile(filepath.Join(dir, "cpu.cfs_quota_us"))
	if errors.Is(err, fs.ErrNotExist) {
		return math.Inf(1), nil
	}
	if err != nil {
		return 0, err
	}
	period, err := os.ReadFile(filepath.Join(dir, "cpu.cfs_period_us"))
	if err != nil {
		return 0, err
	}
	return divideQuota(strings.TrimSpace(string(quota)), strings.TrimSpace(string(period)))
}

// divideQuota returns a quota, in microseconds per period, in cores.
func divideQuota(quota, period string) (cores float64, err error) {
	if quota == "max" || quota == "-1" {
		return math.Inf(1), nil
	}
	q, err := strconv.ParseInt(quota, 10, 64)
	if err != nil {
		return 0, err
	}
	p, err := strconv.ParseInt(period, 10, 64)
	if err != nil {
		return 0, err
	}
	if q <= 0 || p <= 0 {
		return 0, fmt.Errorf("bad CPU quota %q per %q", quota, period)
	}
	return float64(q) / float64(p), nil
}

// readThrottled returns how long the control groups of this process were kept from running because
// their quota was used up, over all cores and since they exist: throttled_usec of version 2,
// throttled_time (in ns) of version 1. It is [unknown] if the groups are not visible. A group
// without a quota counts nothing.
func readThrottled(root string) (total time.Duration) {
	dirs := visibleGroups(root)
	if len(dirs) == 0 {
		return unknown
	}
	for _, dir := range dirs {
		for name, unit := range map[string]time.Duration{
			"throttled_usec": time.Microsecond, "throttled_time": time.Nanosecond,
		} {
			n, err := readNumbers(filepath.Join(dir, "cpu.stat"), name)
			switch {
			case err == nil:
				total += time.Duration(n[0]) * unit
			case !errors.Is(err, fs.ErrNotExist):
				return unknown
			}
		}
	}
	return total
}
