package scratch

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"busybench/bench/host"
)

// makeOwned makes a directory with a file in it and the name of a work directory.
func makeOwned(t *testing.T, base, name string, owner host.Process) (path string) {
	t.Helper()
	path = filepath.Join(base, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(owner)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"messages.db": []byte("x"), ".owner": text} {
		if err := os.WriteFile(filepath.Join(path, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// makeNext makes the work directory of another run in base, and removes it when the test ends.
func makeNext(t *testing.T, base string) {
	t.Helper()
	next, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := next.Remove(); err != nil {
			t.Error(err)
		}
	})
}

func thisProcess(t *testing.T) host.Process {
	t.Helper()
	self, err := host.ThisProcess()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

// endedProcess is the identity of a process that has ended and has been waited for.
func endedProcess(t *testing.T) host.Process {
	t.Helper()
	cmd := exec.Command("true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	p := thisProcess(t)
	p.PID = cmd.Process.Pid
	return p
}

// zombieProcess starts a process and waits until it has ended, but leaves it in the process table.
func zombieProcess(t *testing.T) host.Process {
	t.Helper()
	cmd := exec.Command("cat")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() })
	p, err := host.FindProcess(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	stdin.Close()
	const ended = unix.WEXITED | unix.WNOWAIT
	if err := unix.Waitid(unix.P_PID, p.PID, nil, ended, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWorkDirWithoutALockIsRemovedIfItsOwnerHasEnded(t *testing.T) {
	reused, otherBoot, otherNamespace := thisProcess(t), thisProcess(t), thisProcess(t)
	reused.Start--
	otherBoot.Boot = "00000000-0000-0000-0000-000000000000"
	otherNamespace.PIDNamespace = "pid:[1]"
	for _, c := range []struct {
		name  string
		owner host.Process
		kept  bool
	}{
		{"running", thisProcess(t), true},
		{"ended", endedProcess(t), false},
		{"ended and not waited for", zombieProcess(t), false},
		{"process ID belongs to a later process", reused, false},
		{"before the machine was started", otherBoot, false},
		{"in another PID namespace", otherNamespace, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			path := makeOwned(t, base, ".busybench-1", c.owner)
			makeNext(t, base)
			if _, err := os.Lstat(path); (err == nil) != c.kept {
				t.Errorf("the directory's state is %v, want kept=%v", err, c.kept)
			}
		})
	}
}

func TestWorkDirOfARunningProcessIsKeptWhereLocksAreNotVisible(t *testing.T) {
	base := t.TempDir()
	living, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	// Through a bind mount by FUSE, another run sees the directory and not its lock.
	if err := Flock(living.lock, unix.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	makeNext(t, base)
	if _, err := os.Lstat(living.Path); err != nil {
		t.Errorf("the directory is gone: %v", err)
	}
	if err := living.Remove(); err != nil {
		t.Error(err)
	}
}

func TestDirectoryThatNoRunMadeIsKept(t *testing.T) {
	for _, c := range []struct {
		name  string
		owner func(path string) error // makes the owner file
	}{
		{"no owner", func(path string) error { return nil }},
		{"empty owner", func(path string) error { return os.WriteFile(path, nil, 0o600) }},
		{"owner that is not JSON", func(path string) error {
			return os.WriteFile(path, []byte("root\n"), 0o600)
		}},
		{"owner without a process", func(path string) error {
			return os.WriteFile(path, []byte("{}\n"), 0o600)
		}},
		{"owner that is a pipe", func(path string) error { return unix.Mkfifo(path, 0o600) }},
		{"owner that is a symbolic link", func(path string) error {
			text, err := json.Marshal(endedProcess(t))
			if err == nil {
				err = os.WriteFile(path+".linked", text, 0o600)
			}
			if err == nil {
				err = os.Symlink(path+".linked", path)
			}
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			path := filepath.Join(base, ".busybench-5")
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(path, "thesis.txt")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.owner(filepath.Join(path, ".owner")); err != nil {
				t.Fatal(err)
			}
			makeNext(t, base)
			if _, err := os.Lstat(file); err != nil {
				t.Errorf("its file is gone: %v", err)
			}
		})
	}
}

func TestMountPointIsKept(t *testing.T) {
	base := t.TempDir()
	path := filepath.Join(base, ".busybench-5")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("none", path, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("this user cannot mount: %v", err)
	}
	defer unix.Unmount(path, 0)
	file := filepath.Join(path, ".owner")
	text, err := json.Marshal(endedProcess(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	makeNext(t, base)
	if _, err := os.Lstat(file); err != nil {
		t.Errorf("the file of the mounted filesystem is gone: %v", err)
	}
}

func TestWorkDirThatCannotHoldItsOwnerIsRefusedAndRemoved(t *testing.T) {
	base := t.TempDir()
	// Two inodes: the root directory and the work directory.
	if err := unix.Mount("none", base, "tmpfs", 0, "nr_inodes=2"); err != nil {
		t.Skipf("this user cannot mount: %v", err)
	}
	defer unix.Unmount(base, 0)
	_, err := NewWorkDir(base)
	if err == nil || !strings.Contains(err.Error(), base) ||
		!strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("error is %v", err)
	}
	if left, _ := os.ReadDir(base); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestIsOnSameDevice(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{file: true, dir: true, "/proc": false} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if isOnDevice(f, dir) != want {
			t.Errorf("isOnDevice(%s, %s) is %v", path, dir, !want)
		}
	}
}

// The next run needs the owner file to finish a removal that was interrupted or failed.
func TestRemovalThatFailsKeepsTheOwner(t *testing.T) {
	base := becomeAnotherUser(t)
	w, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(w.Path, "0")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(sub, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(sub, 0o500); err != nil { // so that the file cannot be removed
		t.Fatal(err)
	}
	if err := w.Remove(); err == nil {
		t.Fatal("no error")
	}
	if _, err := os.Lstat(filepath.Join(w.Path+removing, ".owner")); err != nil {
		t.Errorf("the owner is gone: %v", err)
	}
}
