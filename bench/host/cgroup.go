package host

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// cgroupFiles are the names of the files that hold a control group's limit and what it uses.
type cgroupFiles struct{ limit, used string }

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
		used, err2 := readNumber(filepath.Join(dir, files.used))
		if err == nil && err2 == nil { // otherwise there is no limit: "max", or no such file
			free := limit - used + reclaimable(dir)
			capacity = minCapacity(capacity, Capacity{free, "the control group's " + files.limit})
		}
	}
	return capacity
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
