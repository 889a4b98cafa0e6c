package scratch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// mountDead mounts a filesystem by FUSE at a path, whose server is gone, as after a SIGKILL.
func mountDead(t *testing.T, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("open /dev/fuse: %v", err)
	}
	defer unix.Close(fd)
	options := fmt.Sprintf("fd=%d,rootmode=%o,user_id=%d,group_id=%d",
		fd, unix.S_IFDIR, os.Geteuid(), os.Getegid())
	err = unix.Mount(MountName, path, "fuse."+MountName, unix.MS_NOSUID|unix.MS_NODEV, options)
	if err != nil {
		t.Skipf("mount by FUSE: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(path, unix.MNT_DETACH) })
}

func TestADirectoryWithADeadMountIsRemoved(t *testing.T) {
	dir := t.TempDir()
	w, err := NewWorkDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	mountDead(t, filepath.Join(w.Path, "mount"))
	if err := w.Remove(); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestAnAbandonedDirectoryWithADeadMountIsRemoved(t *testing.T) {
	dir := t.TempDir()
	abandoned := makeOwned(t, dir, ".busybench-1", endedProcess(t))
	mountDead(t, filepath.Join(abandoned, "mount"))
	makeNext(t, dir)
	if _, err := os.Lstat(abandoned); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", abandoned, err)
	}
}
