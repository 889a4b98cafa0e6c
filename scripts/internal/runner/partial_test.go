package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"busybench/scripts/internal/command"
)

const interruptedResults = "# make bench\nBenchmarkEarlier 1 5 ns/op\n"

func TestASecondRunOfALabelIsRejected(t *testing.T) {
	s := settings(t, 1)
	second := func(_ context.Context, _ int, _ Step, out io.Writer) error {
		_, err := s.openPartial()
		requireError(t, err, "LABEL=x: another run is writing "+partialPath(s))
		_, err = io.WriteString(out, result)
		return err
	}
	if err := runAll(s, second); err != nil {
		t.Error(err)
	}
	requireFile(t, s.path, "# make bench\n"+result)
	if err := runAll(s, printing(result, nil)); err != nil {
		t.Errorf("a run after the first: %v", err)
	}
}

func TestResultsOfAnInterruptedRun(t *testing.T) {
	for name, c := range map[string]struct {
		run  runFunc
		want string
	}{
		"stay if the next run has none": {
			printing("sqlite: 3\n", errors.New("failed")), interruptedResults,
		},
		"are replaced by the first of the next run": {
			printing(result, errors.New("failed")), "# make bench\n" + result,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(t, 1)
			writeFile(t, partialPath(s), interruptedResults)
			requireError(t, runAll(s, c.run), "failed")
			requireFile(t, partialPath(s), c.want)
		})
	}
}

func TestAPartialFileThatAnotherProcessChanges(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"truncated": func(path string) error { return os.Truncate(path, 0) },
		"removed":   os.Remove,
		"replaced": func(path string) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			return os.WriteFile(path, []byte("# make bench\n"+result), 0o600)
		},
		"extended": func(path string) error {
			file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = file.WriteString(result)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(t, 1)
			writeFile(t, s.path, oldSnapshot)
			run := func(_ context.Context, _ int, _ Step, out io.Writer) error {
				if _, err := io.WriteString(out, result); err != nil {
					return err
				}
				if err := change(partialPath(s)); err != nil {
					return err
				}
				_, err := io.WriteString(out, result)
				return err
			}
			requireError(t, runAll(s, run), "another process changed or removed "+partialPath(s))
			requireFile(t, s.path, oldSnapshot)
		})
	}
}

func TestLabelsThatMustNotBeReplaced(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	writeFile(t, path("notes.txt"), "my notes\n")
	writeFile(t, path("empty.txt"), "")
	writeFile(t, path("limit.txt"), "# make limit LABEL='limit'\n"+result)
	writeFile(t, path("table.txt"), "# make compare LABEL=x BY=exec\n")
	if err := unix.Mkfifo(path("pipe.txt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("notes.txt", path("link.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop.txt", path("loop.txt")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"a directory", dir, "is a directory"},
		{"the root", "/", "is a directory"},
		{"a directory that does not exist", path("none") + "/", "is a directory"},
		{"a path without .txt", path("x"), "give a name such as mine, or a path that ends in .txt"},
		{"a device", "/dev/null", "/dev/null is not a regular file"},
		{"a named pipe", path("pipe.txt"), "is not a regular file"},
		{"another file", path("notes.txt"), "exists and is not a snapshot"},
		{"an empty file", path("empty.txt"), "exists and is not a snapshot"},
		{"a link to another file", path("link.txt"), path("notes.txt") + " exists"},
		{"a link to itself", path("loop.txt"), "too many symbolic links"},
		{"a snapshot of another command", path("limit.txt"),
			"is a snapshot of make limit, not of make bench; give another LABEL"},
		{"a table", path("table.txt"), "is a snapshot of make compare, not of make bench"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			s := Settings{label: "L", path: c.path, config: Config{Target: command.Bench}}
			_, err = s.openPartial()
			requireError(t, err, "LABEL=L: ")
			requireError(t, err, c.want)
			if after, err := os.ReadDir(dir); err != nil || len(after) != len(before) {
				t.Errorf("left %v, %v", after, err)
			}
		})
	}
}

func TestTheTargetOfASymbolicLinkIsReplaced(t *testing.T) {
	for name, exists := range map[string]bool{"existing": true, "dangling": false} {
		t.Run(name, func(t *testing.T) {
			s := settings(t, 1)
			target := filepath.Join(t.TempDir(), "elsewhere.txt")
			if exists {
				writeFile(t, target, oldSnapshot)
			}
			if err := os.Symlink(target, s.path); err != nil {
				t.Fatal(err)
			}
			if err := runAll(s, printing(result, nil)); err != nil {
				t.Fatal(err)
			}
			requireFile(t, target, "# make bench\n"+result)
			if link, err := os.Readlink(s.path); err != nil || link != target {
				t.Errorf("the link is %q, %v", link, err)
			}
		})
	}
}

// Root gives up its rights for the thread (setfsuid(2)).
func TestAResultsDirectoryThatCannotBeWritten(t *testing.T) {
	dir, err := os.MkdirTemp("", "readonly-") // the parent of t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	s := settings(t, 1)
	s.path = filepath.Join(dir, "x.txt")
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	uid, _ := unix.SetfsuidRetUid(65534)
	defer unix.Setfsuid(uid)
	_, err = s.openPartial()
	requireError(t, err, "permission denied")
	requireError(t, err, dir)
}

func TestAPartialFileThatIsNotARegularFile(t *testing.T) {
	for name, create := range map[string]func(path string) error{
		"a directory":     func(path string) error { return os.Mkdir(path, 0o700) },
		"a named pipe":    func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a symbolic link": func(path string) error { return os.Symlink("elsewhere", path) },
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(t, 1)
			if err := create(partialPath(s)); err != nil {
				t.Fatal(err)
			}
			_, err := s.openPartial()
			requireError(t, err, partialPath(s))
		})
	}
}
