package host

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestControlGroupsOfAProcess(t *testing.T) {
	for _, c := range []struct {
		name, cgroup string
		want         []string // directories below sys/fs/cgroup
	}{
		{"no control groups", "", nil},
		{"version 2", "0::/user.slice/a\n", []string{"user.slice/a", "user.slice", "."}},
		{"version 2, own namespace", "0::/\n", []string{"."}},
		{"version 2, outside of the namespace", "0::/../b\n", []string{"b", "."}},
		{"version 1", "5:memory:/m\n4:cpu:/a\n", []string{"cpu/a", "cpu"}},
		{"version 1, two controllers in one hierarchy", "4:cpu,cpuacct:/a\n",
			[]string{"cpu/a", "cpu"}},
		{"version 1, only a controller of a similar name", "4:cpuset:/a\n", nil},
		{"both versions", "4:cpu:/\n0::/a\n", []string{"cpu", "a", "."}},
		{"malformed", "cpu\n4:cpu\n\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			if c.cgroup != "" {
				writeFile(t, filepath.Join(root, "proc/self/cgroup"), c.cgroup)
			}
			var got []string
			for _, g := range controlGroups(root, "cpu") {
				for _, dir := range g.dirs() {
					below, err := filepath.Rel(filepath.Join(root, "sys/fs/cgroup"), dir)
					if err != nil || strings.HasPrefix(below, "..") {
						t.Errorf("%s is outside of sys/fs/cgroup, %v", dir, err)
					}
					got = append(got, below)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("groups are %q, want %q", got, c.want)
			}
		})
	}
}
