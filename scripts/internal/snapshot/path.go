package snapshot

import (
	"errors"
	"io/fs"
	"os"
)

// The snapshots that are meant where no label is given: the user's own, or else, where nobody has made one yet, the
// committed one.
const (
	latest   = "latest"
	fallback = "default"
)

// Chosen is the path of the snapshot that a label, or none, means.
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

// Pair are the two snapshots that OLD and NEW name in the environment, empty where neither is given.
func Pair(getenv func(string) string) (old, new string, err error) {
	old, new = getenv("OLD"), getenv("NEW")
	if (old == "") != (new == "") {
		return "", "", errors.New("OLD and NEW go together: give both, or LABEL for one snapshot")
	}
	return old, new, nil
}
