package snapshot

import (
	"os"
	"strings"
)

// Beside is the path of a file that belongs to the snapshot at a path: with "by-exec.txt",
// results/default.by-exec.txt to results/default.txt.
func Sibling(path, what string) string { return strings.TrimSuffix(path, ".txt") + "." + what }

// WriteWhole writes a text into a file, whole or not at all: what was there stays until all is written.
func WriteWhole(path, text string) error {
	partial := path + ".partial"
	err := os.WriteFile(partial, []byte(text), 0o644)
	if err == nil {
		err = os.Rename(partial, path)
	}
	if err != nil {
		os.Remove(partial)
	}
	return err
}
