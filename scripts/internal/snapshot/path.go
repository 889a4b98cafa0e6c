package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// Dir is the directory of the snapshots, relative to the top of the repository.
const Dir = "results"

// The snapshots that are used if no label is given: the user's own, or the committed one if the
// user has none yet.
const (
	latest   = "latest"
	fallback = "default"
)

var label = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Path returns the path of the snapshot with a label, such as "default". A name with a slash or
// with the extension ".txt" is a path already.
func Path(name string) (string, error) {
	isPath := strings.ContainsRune(name, filepath.Separator) || strings.HasSuffix(name, ".txt")
	if isPath && !strings.ContainsFunc(name, unicode.IsControl) {
		return name, nil
	}
	if !label.MatchString(name) {
		return "", fmt.Errorf("bad label %q; give a name such as mine or disk-2: letters, "+
			"digits, dots, hyphens and underscores, beginning with a letter or a digit", name)
	}
	return filepath.Join(Dir, name+".txt"), nil
}

// Label returns the label of the snapshot at a path.
func Label(path string) string { return strings.TrimSuffix(filepath.Base(path), ".txt") }

// Sibling returns the path of a file that belongs to the snapshot at a path. For example, the
// sibling "by-exec.txt" of results/default.txt is results/default.by-exec.txt.
func Sibling(path, suffix string) string { return strings.TrimSuffix(path, ".txt") + "." + suffix }

// Resolve returns the path of the snapshot that LABEL names, or of the default one if it is empty.
func Resolve(label string) (path string, err error) {
	if label != "" {
		return Path(label)
	}
	path, err = Path(latest)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Path(fallback)
	}
	return path, nil
}

// Pair returns the two snapshots that OLD and NEW name in the environment, empty if neither is set.
func Pair(getenv func(string) string) (older, newer string, err error) {
	older, newer = getenv("OLD"), getenv("NEW")
	if (older == "") != (newer == "") {
		return "", "", errors.New("OLD and NEW go together: give both, or LABEL for one snapshot")
	}
	return older, newer, nil
}
