package host

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRoomOfThisMachine(t *testing.T) {
	total, err := field("/proc/meminfo", "MemTotal:", 1)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := FreeMemory()
	if err != nil || memory.Free <= 0 || memory.Free > total*1024 {
		t.Errorf("free memory is %+v of %d kB, %v", memory, total, err)
	}
	most, err := number("/proc/sys/kernel/pid_max")
	if err != nil {
		t.Fatal(err)
	}
	threads, err := FreeThreads()
	if err != nil || threads.Free <= 0 || threads.Free >= most {
		t.Errorf("free threads are %+v where pid_max is %d, %v", threads, most, err)
	}
	if n := userThreads(os.Getuid()); n < 1 {
		t.Errorf("this user has %d threads", n)
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
	if room, err := RaiseFiles(32); err != nil || room.Free != 64 {
		t.Errorf("where 32 are wanted of 64: %+v, %v", room, err)
	}
	if room, err := RaiseFiles(128); err != nil || room.Free < 128 {
		t.Errorf("where 128 are wanted: %+v, %v", room, err)
	}
	// More than the kernel has for anybody (proc_sys_fs(5), nr_open).
	if room, err := RaiseFiles(math.MaxInt64); err != nil || room.Free != clamp(before.Max) {
		t.Errorf("where too many are wanted: %+v, %v, want %d", room, err, before.Max)
	}
}

// The tightest group counts, be it above the process's own, and cache that nobody uses is free.
func TestControlGroups(t *testing.T) {
	root := t.TempDir()
	for path, text := range map[string]string{
		"memory.max":             "max",
		"memory.current":         "10",
		"up/memory.max":          "1000",
		"up/memory.current":      "900",
		"up/memory.stat":         "anon 3\ninactive_file 50\n",
		"up/down/memory.max":     "5000",
		"up/down/memory.current": "7",
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if room := groupsRoom(root, "/up/down", "memory.max", "memory.current"); room.Free != 150 || !strings.Contains(room.Limit, "memory.max") {
		t.Errorf("room is %+v, want 150", room)
	}
	if room := groupsRoom(root, "/", "memory.max", "memory.current"); room.Free != math.MaxInt64 {
		t.Errorf("without a limit room is %+v", room)
	}
}
