package host

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
)

// number reads a file that holds one number.
func number(path string) (int64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, nil
	}
	return n, err
}

// field reads a number from the line of a file that begins with name, its i-th word.
func field(path, name string, i int) (int64, error) {
	word, err := fieldText(path, name, i)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(word, 10, 64)
}

func fieldText(path, name string, i int) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) > i && words[0] == name {
			return words[i], nil
		}
	}
	return "", fmt.Errorf("%s has no %s: %w", path, name, fs.ErrNotExist)
}
