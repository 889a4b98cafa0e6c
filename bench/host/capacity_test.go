package host

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestCapacityOfThisMachine(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		total, err := readNumbers("/proc/meminfo", "MemTotal:")
		if err != nil {
			t.Fatal(err)
		}
		memory, err := FreeMemory()
		if err != nil || memory.Free <= 0 || memory.Free > total[0]*1024 {
			t.Errorf("free memory is %+v of %d kB, %v", memory, total[0], err)
		}
	})
	t.Run("threads", func(t *testing.T) {
		limit, err := readNumber("/proc/sys/kernel/pid_max")
		if err != nil {
			t.Fatal(err)
		}
		threads, err := FreeThreads()
		if err != nil || threads.Free <= 0 || threads.Free >= limit {
			t.Errorf("free threads are %+v, and pid_max is %d, %v", threads, limit, err)
		}
	})
	t.Run("threads of this user", func(t *testing.T) {
		if n := countUserThreads(os.Getuid()); n < 1 {
			t.Errorf("this user has %d threads", n)
		}
	})
}

func TestFreeDisk(t *testing.T) {
	for _, c := range []struct {
		name string
		fs   unix.Statfs_t
		want int64
	}{
		{"fragments",
			unix.Statfs_t{Blocks: 9, Bfree: 8, Bavail: 7, Bsize: 4096, Frsize: 512}, 3584},
		{"blocks only", unix.Statfs_t{Blocks: 9, Bavail: 7, Bsize: 4096}, 28672},
		{"full", unix.Statfs_t{Blocks: 9, Bfree: 1, Bsize: 4096, Frsize: 4096}, 0},
		{"no size", unix.Statfs_t{Bsize: 4096, Frsize: 4096}, math.MaxInt64},
		{"larger than an int64",
			unix.Statfs_t{Blocks: 1 << 60, Bavail: 1 << 60, Frsize: 4096}, math.MaxInt64},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := diskCapacity(c.fs); got.Free != c.want {
				t.Errorf("free space is %+v, want %d", got, c.want)
			}
		})
	}
	t.Run("this machine", func(t *testing.T) {
		if c, err := FreeDisk(t.TempDir()); err != nil || c.Free <= 0 || c.Limit == "" {
			t.Errorf("free space is %+v, %v", c, err)
		}
	})
	t.Run("missing directory", func(t *testing.T) {
		if c, err := FreeDisk("/nonexistent"); err == nil {
			t.Errorf("no error, free space is %+v", c)
		}
	})
}

func TestMinCapacity(t *testing.T) {
	for _, c := range []struct {
		name   string
		others []Capacity
		want   Capacity
	}{
		{"only one", nil, Capacity{5, "first"}},
		{"a smaller one", []Capacity{{7, "second"}, {3, "third"}}, Capacity{3, "third"}},
		{"equal ones", []Capacity{{5, "second"}}, Capacity{5, "first"}},
		{"one below zero", []Capacity{{-2, "second"}}, Capacity{0, "second"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := minCapacity(Capacity{5, "first"}, c.others...); got != c.want {
				t.Errorf("capacity is %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestSoftLimitOfFilesIsRaised(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Setrlimit(unix.RLIMIT_NOFILE, &before) })
	low := unix.Rlimit{Cur: 64, Max: before.Max}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	if c, err := RaiseFileLimit(32); err != nil || c.Free != 64 {
		t.Errorf("for 32 of 64: %+v, %v", c, err)
	}
	if c, err := RaiseFileLimit(128); err != nil || c.Free < 128 {
		t.Errorf("for 128 of 64: %+v, %v", c, err)
	}
	// This is more than the kernel allows any process (proc_sys_fs(5), nr_open).
	if c, err := RaiseFileLimit(math.MaxInt64); err != nil || c.Free != clampToInt64(before.Max) {
		t.Errorf("for more than the hard limit: %+v, %v, want %d", c, err, before.Max)
	}
}

func TestSmallestControlGroupCountsAndCachedFilesAreFree(t *testing.T) {
	root := t.TempDir()
	for path, text := range map[string]string{
		"memory.max":          "max",
		"memory.stat":         "anon 10\nshmem 0",
		"up/memory.max":       "1000",
		"up/memory.current":   "1000",
		"up/memory.stat":      "anon 700\nfile 300\nshmem 150\nactive_file 100\ninactive_file 50",
		"up/down/memory.max":  "5000",
		"up/down/memory.stat": "anon 7\nshmem 0",
		"v1/limit":            "1000",
		"v1/memory.stat":      "cache 400\nrss 0\nshmem 0\ntotal_rss 500\ntotal_shmem 20",
		"pids/pids.max":       "70",
		"pids/pids.current":   "30",
		"nostat/memory.max":   "1",
	} {
		writeFile(t, filepath.Join(root, path), text+"\n")
	}
	v1 := memoryFilesV1
	v1.limit = "limit"
	for _, c := range []struct {
		name, group string
		files       cgroupFiles
		want        int64
	}{
		{"the smaller one above", "/up/down", memoryFiles, 150},
		{"no limit", "/", memoryFiles, math.MaxInt64},
		{"version 1", "/v1", v1, 480},
		{"threads", "/pids", threadFiles, 40},
		{"unknown use", "/nostat", memoryFiles, math.MaxInt64},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := minGroupCapacity(group{mount: root, path: c.group}, c.files)
			if got.Free != c.want {
				t.Errorf("capacity is %+v, want %d", got, c.want)
			}
			if c.want < math.MaxInt64 && !strings.Contains(got.Limit, c.files.limit) {
				t.Errorf("limit is %q, want the name %s", got.Limit, c.files.limit)
			}
		})
	}
}
