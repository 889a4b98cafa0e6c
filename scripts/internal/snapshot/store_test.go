package snapshot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStoreReplacesAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.report.txt")
	for _, text := range []string{"first", "second"} {
		if err := Store(t.Context(), File{path, text}); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != text {
			t.Errorf("file holds %q, want %q", got, text)
		}
	}
}

func TestStoreLeavesAFileWithTheSameText(t *testing.T) {
	path, other := filepath.Join(t.TempDir(), "x.txt"), filepath.Join(t.TempDir(), "y.txt")
	files := []File{{path, "text"}, {other, "text"}}
	if err := Store(t.Context(), files...); err != nil {
		t.Fatal(err)
	}
	before := [2]os.FileInfo{fileInfo(t, path), fileInfo(t, other)}
	files[1].Text = "another text"
	if err := Store(t.Context(), files...); err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before[0], fileInfo(t, path)) {
		t.Error("the file with the same text is a new one")
	}
	if os.SameFile(before[1], fileInfo(t, other)) || read(t, other) != "another text" {
		t.Error("the file with another text is the old one")
	}
}

func fileInfo(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// A directory stands in for any file that cannot be written.
func TestStoreReplacesNothingIfOneFileCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir) // temporary files may go there
	path, taken := filepath.Join(dir, "x.txt"), filepath.Join(dir, "taken")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	err := Store(t.Context(), File{path, "after"}, File{taken, "text"})
	if err == nil || !strings.Contains(err.Error(), taken) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, want one line that names %s", err, taken)
	}
	if got := read(t, path); got != "before" {
		t.Errorf("file holds %q, want what was there before", got)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnInterruptedStoreReplacesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir) // temporary files may go there
	path := filepath.Join(dir, "x.txt")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("got SIGINT"))
	err := Store(ctx, File{path, "after"}, File{filepath.Join(dir, "y.txt"), "text"})
	if err == nil || err.Error() != "interrupted: got SIGINT" {
		t.Errorf("error is %v, want interrupted: got SIGINT", err)
	}
	if got := read(t, path); got != "before" {
		t.Errorf("file holds %q, want what was there before", got)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConcurrentStoresOfOneFileSucceed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.svg")
	text := strings.Repeat("line\n", 10_000)
	var group sync.WaitGroup
	for n := range 16 {
		group.Go(func() {
			for range 10 {
				if err := Store(t.Context(), File{path, fmt.Sprint(n, "\n", text)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := read(t, path); !strings.HasSuffix(got, "\n"+text) {
		t.Errorf("file holds %d bytes", len(got))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
