package host

import (
	"math"
	"os"
	"path/filepath"
	"strings"
)

// groupRoom is what the control groups of this process leave of a controller, the tightest of its
// group and those above, in version 2 or 1 of the hierarchy (cgroups(7)). Within a container
// the group's own directory may be the root of what can be seen.
func groupRoom(controller, max2, used2, max1, used1 string) Capacity {
	room := Capacity{math.MaxInt64, "nothing"}
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return room // a kernel without control groups
	}
	for _, line := range strings.Split(string(text), "\n") {
		parts := strings.SplitN(line, ":", 3)
		switch {
		case len(parts) < 3:
		case parts[1] == "":
			room = tightest(room, groupsRoom("/sys/fs/cgroup", parts[2], max2, used2))
		case parts[1] == controller:
			room = tightest(room, groupsRoom("/sys/fs/cgroup/"+controller, parts[2], max1, used1))
		}
	}
	return room
}

// groupsRoom is what a control group below root leaves, or one above it.
func groupsRoom(root, group, limitFile, usedFile string) Capacity {
	room := Capacity{math.MaxInt64, "nothing"}
	for ; ; group = filepath.Dir(group) {
		dir := filepath.Join(root, group)
		limit, err := number(filepath.Join(dir, limitFile))
		used, err2 := number(filepath.Join(dir, usedFile))
		if err == nil && err2 == nil { // else the group has none: "max", or no such file
			room = tightest(room, Capacity{limit - used + idleCache(dir), "the control group's " + limitFile})
		}
		if group == "/" || group == "." {
			return room
		}
	}
}

// idleCache is the part of a group's memory that the kernel takes back first: cached parts of files
// that nobody has read of late. Groups of another controller have none.
func idleCache(dir string) int64 {
	for _, name := range []string{"total_inactive_file", "inactive_file"} { // version 1 with the groups below, version 2
		if n, err := field(filepath.Join(dir, "memory.stat"), name, 1); err == nil {
			return n
		}
	}
	return 0
}
