package host

import (
	"math"
	"path/filepath"
	"testing"
	"time"
)

// writeTree writes files below a fresh directory, by their paths.
func writeTree(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for path, text := range files {
		writeFile(t, filepath.Join(root, path), text)
	}
	return root
}

func TestQuotaOfControlGroups(t *testing.T) {
	const v2, v1 = "sys/fs/cgroup/", "sys/fs/cgroup/cpu/"
	for _, c := range []struct {
		name, cgroup string
		files        map[string]string
		want         float64
	}{
		{"no control groups", "", nil, unknown},
		{"groups that are not mounted", "0::/a\n", map[string]string{v2 + "other": ""}, unknown},
		{"version 2 without the controller", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "1\n"}, math.Inf(1)},
		{"version 2 without a limit", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": "max 100000\n"},
			math.Inf(1)},
		{"version 2, 10 % of a core", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": "10000 100000\n"}, 0.1},
		{"version 2, in a container", "0::/docker/a\n",
			map[string]string{v2 + "cgroup.procs": "", v2 + "cpu.max": "150000 100000\n"}, 1.5},
		{"version 2, the group above has less", "0::/a/b\n",
			map[string]string{
				v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": "50000 100000\n",
				v2 + "a/b/cgroup.procs": "", v2 + "a/b/cpu.max": "100000 50000\n",
			}, 0.5},
		{"version 2, a word", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": "much\n"}, unknown},
		{"version 2, no period", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": "10000\n"}, unknown},
		{"version 2, empty", "0::/a\n",
			map[string]string{v2 + "a/cgroup.procs": "", v2 + "a/cpu.max": ""}, unknown},
		{"version 1 without a limit", "3:cpu,cpuacct:/\n",
			map[string]string{v1 + "cgroup.procs": "", v1 + "cpu.cfs_quota_us": "-1\n",
				v1 + "cpu.cfs_period_us": "100000\n"}, math.Inf(1)},
		{"version 1, a quarter of a core", "3:cpu:/a\n",
			map[string]string{v1 + "a/cgroup.procs": "", v1 + "a/cpu.cfs_quota_us": "25000\n",
				v1 + "a/cpu.cfs_period_us": "100000\n"}, 0.25},
		{"version 1, no period", "3:cpu:/a\n",
			map[string]string{v1 + "a/cgroup.procs": "", v1 + "a/cpu.cfs_quota_us": "25000\n"},
			unknown},
		{"version 1, a period of 0", "3:cpu:/a\n",
			map[string]string{v1 + "a/cgroup.procs": "", v1 + "a/cpu.cfs_quota_us": "25000\n",
				v1 + "a/cpu.cfs_period_us": "0\n"}, unknown},
		{"both versions, limit in version 1", "3:cpu:/a\n0::/\n",
			map[string]string{v1 + "a/cgroup.procs": "", v1 + "a/cpu.cfs_quota_us": "200000\n",
				v1 + "a/cpu.cfs_period_us": "100000\n"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := writeTree(t, c.files)
			if c.cgroup != "" {
				writeFile(t, filepath.Join(root, "proc/self/cgroup"), c.cgroup)
			}
			if got := readQuota(root); got != c.want {
				t.Errorf("quota is %v, want %v", got, c.want)
			}
		})
	}
}

func TestOnlyAQuotaBelowTheNumberOfCoresCounts(t *testing.T) {
	root := writeTree(t, map[string]string{
		"proc/self/cgroup":           "0::/\n",
		"sys/fs/cgroup/cgroup.procs": "1\n",
		"sys/fs/cgroup/cpu.max":      "250000 100000\n",
	})
	for _, c := range []struct {
		name, root string
		cores      int
		want       bool
	}{
		{"more cores", root, 3, true},
		{"fewer cores", root, 2, false},
		{"no control groups", t.TempDir(), 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, warning := quotaLine(c.root, c.cores), quotaWarning(c.root, c.cores)
			if (len(line) > 0) != c.want || (warning != "") != c.want {
				t.Fatalf("header %v, warning %q", line, warning)
			}
			if c.want && (line[0] != Line{"quota", "2.5 cores"}) {
				t.Errorf("header line is %v", line)
			}
		})
	}
}

func TestThrottledTime(t *testing.T) {
	const dir = "sys/fs/cgroup/"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  time.Duration
	}{
		{"groups that are not visible", nil, unknown},
		{"no cpu.stat", map[string]string{dir + "cgroup.procs": ""}, 0},
		{"version 2 without a quota", map[string]string{
			dir + "cgroup.procs": "", dir + "cpu.stat": "usage_usec 5\nuser_usec 2\n"}, 0},
		{"version 2", map[string]string{dir + "cgroup.procs": "",
			dir + "cpu.stat": "usage_usec 5\nnr_throttled 3\nthrottled_usec 4711\n"},
			4711 * time.Microsecond},
		{"version 1", map[string]string{dir + "cgroup.procs": "",
			dir + "cpu.stat": "nr_periods 9\nnr_throttled 3\nthrottled_time 4711\n"}, 4711},
		{"of the group and the one above it", map[string]string{
			dir + "cgroup.procs": "", dir + "cpu.stat": "throttled_usec 1\n",
			dir + "a/cgroup.procs": "", dir + "a/cpu.stat": "throttled_usec 2\n"},
			3 * time.Microsecond},
		{"malformed in version 2", map[string]string{
			dir + "cgroup.procs": "", dir + "cpu.stat": "throttled_usec much\n"}, unknown},
		{"malformed in version 1", map[string]string{
			dir + "cgroup.procs": "", dir + "cpu.stat": "throttled_time much\n"}, unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := writeTree(t, c.files)
			writeFile(t, filepath.Join(root, "proc/self/cgroup"), "0::/a\n")
			if got := readThrottled(root); got != c.want {
				t.Errorf("throttled for %v, want %v", got, c.want)
			}
		})
	}
}
