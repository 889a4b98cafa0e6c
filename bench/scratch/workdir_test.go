package scratch

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

func TestWorkDirIsPrivateAndRemovedWithItsContent(t *testing.T) {
	base := t.TempDir()
	w, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(w.Path)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(w.Path, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.Remove(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(base); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWorkDirOfAKilledRunIsRemovedAndNothingElse(t *testing.T) {
	base, outside := t.TempDir(), t.TempDir()
	make := func(name string) string { return makeOwned(t, base, name, endedProcess(t)) }
	living, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	dead := []string{make(".busybench-1"), make(".busybench-22.removing")}
	file, link := filepath.Join(base, ".busybench-3"), filepath.Join(base, ".busybench-4")
	linked := filepath.Join(outside, "file")
	kept := []string{
		living.Path, make("busybench-1"), make(".busybench-mine"), make(".busybench-1-2"),
		file, link, linked,
	}
	for _, path := range []string{file, linked} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dead[0], "link")); err != nil {
		t.Fatal(err)
	}
	next, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range dead {
		if _, err := os.Lstat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
	for _, path := range append(kept, next.Path) {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s is gone: %v", path, err)
		}
	}
	for _, w := range []WorkDir{living, next} {
		if err := w.Remove(); err != nil {
			t.Error(err)
		}
	}
}

func TestWorkDirsOfRunsAtTheSameTimeAreKept(t *testing.T) {
	base := t.TempDir()
	var runs sync.WaitGroup
	for range 8 {
		runs.Go(func() {
			for range 50 {
				w, err := NewWorkDir(base)
				if err != nil {
					t.Error(err)
					return
				}
				path := filepath.Join(w.Path, "file")
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Error(err)
				}
				if _, err := os.Stat(path); err != nil {
					t.Error(err)
				}
				if err := w.Remove(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	runs.Wait()
	if left, _ := os.ReadDir(base); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWorkDirNeedsAnExistingWritableDirectory(t *testing.T) {
	base := t.TempDir()
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, dir, want string }{
		{"missing", filepath.Join(base, "none"), "does not exist"},
		{"a file", file, "is not a directory"},
		{"read-only even for root", "/proc", "is not writable"},
		{"empty", "", "does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewWorkDir(c.dir)
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(err.Error(), "give an existing directory") {
				t.Errorf("NewWorkDir(%q): %v, want %s", c.dir, err, c.want)
			}
		})
	}
}

func TestWorkDirInAReadOnlyDirectoryIsRefused(t *testing.T) {
	dir := becomeAnotherUser(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := NewWorkDir(dir)
	if err == nil || !strings.Contains(err.Error(), "is not writable") ||
		!strings.Contains(err.Error(), dir) {
		t.Errorf("error is %v", err)
	}
}

// becomeAnotherUser makes a directory of a user who is not root, since root may write everywhere.
// If this process is root, the test's thread takes that user's rights for files (setfsuid(2)).
func becomeAnotherUser(t *testing.T) (dir string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "user-") // other users cannot open the parent of t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Geteuid() != 0 {
		return dir
	}
	const nobody = 65534
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	root, err := unix.SetfsuidRetUid(nobody)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Setfsuid(root)
		runtime.UnlockOSThread()
	})
	return dir
}
