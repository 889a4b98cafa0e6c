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

func TestWorkDirIsPrivateAndGoes(t *testing.T) {
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

// What a run that was killed has left is removed by the next one, and only that.
func TestWorkDirRemovesWhatTheDeadLeft(t *testing.T) {
	base, outside := t.TempDir(), t.TempDir()
	make := func(name string) string {
		path := filepath.Join(base, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "messages.db"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	living, err := NewWorkDir(base)
	if err != nil {
		t.Fatal(err)
	}
	dead := []string{make(".busybench-1"), make(".busybench-22.removing")}
	kept := []string{living.Path, make("busybench-1"), make(".busybench-mine"), make(".busybench-1-2"), filepath.Join(base, ".busybench-3"), filepath.Join(base, ".busybench-4"), filepath.Join(outside, "file")}
	if err := os.WriteFile(kept[4], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, kept[5]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[6], nil, 0o600); err != nil {
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
			t.Errorf("%s is there still: %v", path, err)
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

// Many runs that begin and end at once never take each other's directory for abandoned.
func TestWorkDirsOfManyRuns(t *testing.T) {
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

// An unfinished file of a run that was killed is removed, that of a living one is not.
func TestPartialFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path+".partial-123", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	living, err := CreatePartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer living.Close()
	next, err := CreatePartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 2 {
		t.Errorf("there are %v, %v", files, err)
	}
	if _, err := CreatePartial("/nonexistent/report.json"); err == nil {
		t.Error("a file in a directory that does not exist")
	}
}

func TestWorkDirRefuses(t *testing.T) {
	base := t.TempDir()
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		filepath.Join(base, "none"): "does not exist",
		file:                        "is not a directory",
		"/proc":                     "is not writable", // for root, too
		"":                          "does not exist",
	} {
		_, err := NewWorkDir(dir)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "give an existing directory") {
			t.Errorf("NewWorkDir(%q): %v, want %s", dir, err, want)
		}
	}
}

// A directory that its user may not write to is refused, for root as well, who takes a stranger's rights on for that (setfsuid(2), of one thread).
func TestWorkDirInAReadOnlyDirectory(t *testing.T) {
	dir, err := os.MkdirTemp("", "readonly-") // t.TempDir's parent is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	uid, _ := unix.SetfsuidRetUid(65534)
	defer unix.Setfsuid(uid)
	if _, err := NewWorkDir(dir); err == nil || !strings.Contains(err.Error(), "is not writable") || !strings.Contains(err.Error(), dir) {
		t.Errorf("error is %v", err)
	}
}
