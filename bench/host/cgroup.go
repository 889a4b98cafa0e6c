package host

import (
	"os"
	"path/filepath"
	"slices"
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

// systemRoot is the directory that holds /proc and /sys. Tests use fixtures.
const systemRoot = "/"

// group is a control group: a directory of version 2 or version 1 of the hierarchy (cgroups(7)).
type group struct {
	mount string // the directory of the topmost group
	path  string // below mount
	v2    bool
}

// controlGroups returns the groups of this process that may limit a controller's resource. There
// are none if the kernel has no control groups.
func controlGroups(root, controller string) (groups []group) {
	text, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return nil
	}
	mount := filepath.Join(root, "sys/fs/cgroup")
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(parts) < 3:
		case parts[1] == "":
			groups = append(groups, group{mount, filepath.Clean(parts[2]), true})
		case slices.Contains(strings.Split(parts[1], ","), controller):
			dir := filepath.Join(mount, controller)
			groups = append(groups, group{dir, filepath.Clean(parts[2]), false})
		}
	}
	return groups
}

// dirs returns the directories of a group and those above it. In a container the group's own
// directory may be the mount.
func (g group) dirs() (dirs []string) {
	for path := g.path; ; path = filepath.Dir(path) {
		dirs = append(dirs, filepath.Join(g.mount, path))
		if path == "/" || path == "." {
			return dirs
		}
	}
}

// cgroupCapacity is what the control groups of this process leave of a controller's resource: the
// smallest capacity of its group and those above.
func cgroupCapacity(controller string, v2, v1 cgroupFiles) Capacity {
	capacity := unlimited()
	for _, g := range controlGroups(systemRoot, controller) {
		files := v1
		if g.v2 {
			files = v2
		}
		capacity = minCapacity(capacity, minGroupCapacity(g, files))
	}
	return capacity
}

// minGroupCapacity is the smallest capacity of a control group and those above it.
func minGroupCapacity(g group, files cgroupFiles) Capacity {
	capacity := unlimited()
	for _, dir := range g.dirs() {
		limit, err := readNumber(filepath.Join(dir, files.limit))
		used, err2 := files.readUsed(dir)
		if err == nil && err2 == nil { // otherwise there is no limit: "max", or no such file
			free := Capacity{limit - used, "the control group's " + files.limit}
			capacity = minCapacity(capacity, free)
		}
	}
	return capacity
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
