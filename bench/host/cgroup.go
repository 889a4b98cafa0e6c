package host

import (
	"os"
	"path/filepath"
	"strings"
)

// cgroupFiles says which files of a control group hold its limit and what it uses.
type cgroupFiles struct {
	limit, used string
	lines       []string // of used, if it has several
}

// Memory that a group uses counts if the kernel cannot take it back without swapping: that of
// processes and of tmpfs. The group's own count (memory.current) has cached files, too.
var (
	memoryFiles   = cgroupFiles{"memory.max", "memory.stat", []string{"anon", "shmem"}}
	memoryFilesV1 = cgroupFiles{"memory.limit_in_bytes", "memory.stat",
		[]string{"total_rss", "total_shmem"}} // with the groups below
	threadFiles = cgroupFiles{limit: "pids.max", used: "pids.current"}
)

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
		used, err2 := files.readUsed(dir)
		if err == nil && err2 == nil { // otherwise there is no limit: "max", or no such file
			free := Capacity{limit - used, "the control group's " + files.limit}
			capacity = minCapacity(capacity, free)
		}
		if group == "/" || group == "." {
			return capacity
		}
	}
}

// readUsed returns how much of its limit a group uses and cannot give back: the whole of a file
// with one number, or the sum of the named lines of a file with several.
func (f cgroupFiles) readUsed(dir string) (int64, error) {
	path := filepath.Join(dir, f.used)
	if f.lines == nil {
		return readNumber(path)
	}
	numbers, err := readNumbers(path, f.lines...)
	sum := int64(0)
	for _, n := range numbers {
		sum += n
	}
	return sum, err
}
