// Package drivers finds the programs that write with other drivers than that of this program. Those
// of the project are in the folders below it.
package drivers

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/shlex"

	"busybench/bench/nearest"
	"busybench/bench/scenario"
)

// Commands holds the words of the Commands given by -driver, by the driver's name.
type Commands map[string][]string

// Add parses a value of -driver.
func (c Commands) Add(text string) error {
	name, command, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("give NAME=COMMAND, such as mine='python3 writer.py'; a driver that " +
			"make drivers builds needs none")
	}
	if err := scenario.CheckDriver(name); err != nil {
		return err
	}
	if name == scenario.Zombiezen {
		return fmt.Errorf("%s is the driver of this program; give another name", name)
	}
	if c[name] != nil {
		return fmt.Errorf("%s has a command already; give each driver one", name)
	}
	words, err := shlex.Split(command)
	if err == nil && len(words) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return fmt.Errorf("bad command %q: %w", command, err)
	}
	c[name] = words
	return nil
}

// Built is the directory, below the top of the repository, into which make drivers puts a
// program for each driver.
const Built = ".build/writers"

// Find returns the command of a driver: the one that was given, or the program that make drivers
// has built. The directory of this process is the top of the repository, or bench under go test.
func (c Commands) Find(name string) ([]string, error) {
	if words := c[name]; words != nil {
		return words, nil
	}
	for _, top := range []string{".", ".."} {
		path, err := filepath.Abs(filepath.Join(top, Built, name))
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err == nil {
			return []string{path}, nil
		}
	}
	if slices.Contains(scenario.Drivers, name) {
		return nil, fmt.Errorf("driver %s is not built; run make drivers, or give a command by "+
			"-driver %s=COMMAND (make: DRIVER)", name, name)
	}
	known := append(slices.Collect(maps.Keys(c)), scenario.Drivers...)
	slices.Sort(known)
	return nil, fmt.Errorf("driver %s has no command%s; give -driver %s=COMMAND (make: DRIVER)",
		name, nearest.Question(name, known), name)
}

// FindSetting returns the name and the command of a driver that is given as NAME=COMMAND, or by the
// name of one that make drivers builds.
func FindSetting(text string) (name string, command []string, err error) {
	given := Commands{}
	if strings.Contains(text, "=") {
		if err := given.Add(text); err != nil {
			return "", nil, err
		}
	}
	name, _, _ = strings.Cut(text, "=")
	if err := scenario.CheckDriver(name); err != nil {
		return "", nil, err
	}
	command, err = given.Find(name)
	return name, command, err
}
