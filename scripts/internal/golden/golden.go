// Package golden compares what a script prints with files in its testdata directory, and gives a
// script the environment and the files for it.
package golden

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Check fails the test if got is not the content of testdata/name. It then writes got to
// testdata/name.got: look at it, and rename it if it is right.
func Check(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	want, err := os.ReadFile(path)
	if err == nil && string(want) == got {
		return
	}
	if err := os.WriteFile(path+".got", []byte(got), 0o644); err != nil {
		t.Error(err)
	}
	t.Errorf("output differs from %s (%v); it is in %s.got (-want +got):\n%s",
		path, err, path, cmp.Diff(string(want), got))
}

// CopyFile copies a file into a temporary directory, so that other files can be written beside it,
// and returns the path of the copy.
func CopyFile(t *testing.T, from, name string) (path string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
