package host

import (
	"os"
	"path/filepath"
	"strings"
)

// cgroupFiles are the names of the files that hold a control group's limit and what it uses.
type cgroupFiles struct{ limit, used string }

// cgroupCapacity is what the control groups of this process leave of a controller's resource: the
// smallest capacity of its group and those above, in version 2 or version 1 of the hierarchy
// (cgroups(7)). In a container the group's own directory may be the root of what is visible.
func cgroupCapacity(controller string, v2, v1 cgroupFiles) Capacity {
	capacity := unlimited()
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return capacity // a kernel without control groups
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(parts) < 3:
		case parts[1] == "":
			capacity = minCapacity(capacity, minGroupCapacity("/sys/fs/cgroup", parts[2], v2))
		case parts[1] == controller:
			root := filepath.Join("/sys/fs/cgroup", controller)
			capacity = minCapacity(capacity, minGroupCapacity(root, parts[2], v1))
		}
	}
	return capacity
}

// minGroupCapacity is the smallest capacity of a control group and those above it, up to root.
func minGroupCapacity(root, group string, files cgroupFiles) Capacity {
	capacity := unlimited()
	for ; ; group = filepath.Dir(group) {
		dir := filepath.Join(root, group)
		limit, err := readNumber(filepath.Join(dir, files.limit))
		used, err2 := readNumber(filepath.Join(dir, files.used))
		if err == nil && err2 == nil { // otherwise there is no limit: "max", or no such file
			free := limit - used + reclaimable(dir)
			capacity = minCapacity(capacity, Capacity{free, "the control group's " + files.limit})
		}
		if group == "/" || group == "." {
			return capacity
		}
	}
}

// reclaimable is the part of a group's memory that the kernel takes back first: cached parts of
// files that were not read lately. Groups of other controllers have none.
func reclaimable(dir string) int64 {
	// Version 1 counts the groups below under the first name, version 2 under the second.
	for _, name := range []string{"total_inactive_file", "inactive_file"} {
		if n, err := readNumbers(filepath.Join(dir, "memory.stat"), name); err == nil {
			return n[0]
		}
	}
	return 0
}
