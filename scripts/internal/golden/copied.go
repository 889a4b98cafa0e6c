package golden

import (
	"os"
	"path/filepath"
	"testing"
)

// Copied copies a file to where others may be written beside it, and gives the copy's path.
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
