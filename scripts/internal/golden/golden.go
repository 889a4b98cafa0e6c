// Package golden holds what a script prints against files in its testdata directory.
package golden

import (
	"os"
	"path/filepath"
	"testing"
)

// Check fails the test where got is not what testdata/name holds, and leaves it beside that file
// as name.got: look at it, and rename it if it is right.
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
	t.Errorf("output differs from %s (%v); it is in %s.got:\n%s", path, err, path, got)
}
