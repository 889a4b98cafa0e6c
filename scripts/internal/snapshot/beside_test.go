package snapshot

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBeside(t *testing.T) {
	if got, want := Sibling("results/default.txt", "by-exec.txt"), "results/default.by-exec.txt"; got != want {
		t.Errorf("beside it is %s, want %s", got, want)
	}
}

// A text that cannot get its name, here because a directory has it, leaves nothing behind.
func TestWriteWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.answers.txt")
	for _, text := range []string{"first", "second"} {
		if err := WriteWhole(path, text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("holds %q, %v, want %q", got, err, text)
		}
	}
	taken := filepath.Join(dir, "taken")
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := WriteWhole(taken, "third"); err == nil {
		t.Error("a directory was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
