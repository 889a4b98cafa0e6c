package mount

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"

	"busybench/bench/powerloss/disk"
	"busybench/bench/wait"
)

// pathVariable makes the test binary a process that mounts a disk at a path and waits to be killed.
const pathVariable = "BUSYBENCH_TEST_MOUNT"

func TestMain(m *testing.M) {
	path := os.Getenv(pathVariable)
	if path == "" {
		os.Exit(m.Run())
	}
	p, err := NewPoint(path)
	if err == nil {
		err = p.Mount(disk.New())
	}
	fmt.Println(err)
	for {
		_ = unix.Pause()
	}
}

// A process that is killed leaves nothing that blocks the removal of its directory.
func TestTheGuardUnmountsAfterAKill(t *testing.T) {
	if err := Check(); err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "mount")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), pathVariable+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said string
	if _, err := fmt.Fscanln(out, &said); err != nil || said != "<nil>" {
		t.Errorf("the process printed %q, %v", said, err)
	}
	if isMounted, err := mountinfo.Mounted(path); err != nil || !isMounted {
		t.Errorf("mounted: %v, %v", isMounted, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	wait.Until(t, "the guard has unmounted", func() bool { return os.Remove(path) == nil })
}

func TestCheck(t *testing.T) {
	missing := func() error { return exec.ErrNotFound }
	found := func() error { return nil }
	for _, test := range []struct {
		name       string
		device     string
		user       int
		fusermount func() error
		want       error
	}{
		{"root", os.DevNull, 0, missing, nil},
		{"another user with fusermount3", os.DevNull, 1, found, nil},
		{"another user without it", os.DevNull, 1, missing, exec.ErrNotFound},
		{"no device", "/nonexistent", 0, found, fs.ErrNotExist},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := check(test.device, test.user, test.fusermount)
			if !errors.Is(err, test.want) {
				t.Errorf("error is %v, not %v", err, test.want)
			}
			if err != nil && !strings.Contains(err.Error(), "/dev/fuse") {
				t.Errorf("%v does not say what is needed", err)
			}
		})
	}
}

// mounted mounts a disk with the durable file "a".
func mounted(t *testing.T) (path string, d *disk.Disk) {
	t.Helper()
	if err := Check(); err != nil {
		t.Skip(err)
	}
	p, err := NewPoint(filepath.Join(t.TempDir(), "mount"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	d = disk.New()
	d.Add("a", []byte("old"))
	if err := p.Mount(d); err != nil {
		t.Fatal(err)
	}
	return p.Path, d
}

// shell makes system calls. Package os would poll the files, which takes a thread away from the
// server in this process.
type shell struct {
	t   *testing.T
	dir string
}

func (s shell) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// on opens a file and calls do with its descriptor.
func (s shell) on(name string, do ...func(fd int) error) {
	s.t.Helper()
	flags := unix.O_RDWR | unix.O_CREAT
	if name == "." {
		flags = unix.O_RDONLY
	}
	fd, err := unix.Open(filepath.Join(s.dir, name), flags, 0o600)
	s.must(err)
	defer unix.Close(fd)
	for _, f := range do {
		s.must(f(fd))
	}
}

func write(fd int) error    { _, err := unix.Pwrite(fd, []byte("new"), 0); return err }
func truncate(fd int) error { return unix.Ftruncate(fd, 1) }

func TestWhatReachesTheDisk(t *testing.T) {
	for _, test := range []struct {
		name      string
		do        func(shell)
		all, lost map[string]string // what is there if pending changes are kept, and if not
	}{
		{"nothing", func(s shell) {}, alone("old"), alone("old")},
		{"a write", func(s shell) { s.on("a", write) }, alone("new"), alone("old")},
		{"fsync", func(s shell) { s.on("a", write, unix.Fsync) }, alone("new"), alone("new")},
		{"fdatasync", func(s shell) { s.on("a", write, unix.Fdatasync) },
			alone("new"), alone("new")},
		{"ftruncate", func(s shell) { s.on("a", truncate) }, alone("o"), alone("old")},
		{"fsync after ftruncate", func(s shell) { s.on("a", truncate, unix.Fsync) },
			alone("o"), alone("o")},
		{"a new file", func(s shell) { s.on("b", write, unix.Fsync) },
			map[string]string{"a": "old", "b": "new"}, alone("old")},
		{"fsync of the directory", func(s shell) {
			s.on("b", write)
			s.on(".", unix.Fsync)
		}, map[string]string{"a": "old", "b": "new"}, map[string]string{"a": "old", "b": ""}},
		{"unlink", func(s shell) { s.must(unix.Unlink(filepath.Join(s.dir, "a"))) },
			map[string]string{}, alone("old")},
		{"rename", func(s shell) {
			s.on("b", write, unix.Fsync)
			s.must(unix.Rename(filepath.Join(s.dir, "b"), filepath.Join(s.dir, "a")))
		}, alone("new"), alone("old")},
		{"rename and fsync of the directory", func(s shell) {
			s.on("b", write, unix.Fsync)
			s.must(unix.Rename(filepath.Join(s.dir, "b"), filepath.Join(s.dir, "a")))
			s.on(".", unix.Fsync)
		}, alone("new"), alone("new")},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, d := mounted(t)
			test.do(shell{t, dir})
			state := d.Cut()
			for model, want := range map[disk.Model]map[string]string{
				disk.None: test.all, disk.All: test.lost,
			} {
				got := map[string]string{}
				for name, content := range state.Survivor(model, 1) {
					got[name] = string(content)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("model %v leaves %q, not %q", model, got, want)
				}
			}
		})
	}
}

func alone(content string) map[string]string { return map[string]string{"a": content} }

// What a program reads is what was written last.
func TestAMountReads(t *testing.T) {
	dir, d := mounted(t)
	s, got := shell{t, dir}, make([]byte, 8)
	s.on("a", write, unix.Fsync, func(fd int) (err error) {
		n, err := unix.Pread(fd, got, 0)
		got = got[:n]
		return err
	})
	if string(got) != "new" {
		t.Errorf("read %q", got)
	}
	names, err := d.Names()
	if err != nil || !slices.Equal(names, []string{"a"}) {
		t.Errorf("names are %q, %v", names, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "a" {
		t.Errorf("entries are %v, %v", entries, err)
	}
}

func TestAMountWithoutPower(t *testing.T) {
	dir, d := mounted(t)
	s := shell{t, dir}
	s.on("a", func(fd int) error {
		d.Cut()
		for name, err := range map[string]error{
			"write": write(fd), "fsync": unix.Fsync(fd), "ftruncate": truncate(fd),
		} {
			if err != unix.EIO {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
}
