package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"busybench/scripts/snapshot"
)

// fallback is the committed snapshot to compare where nobody has made one yet.
const fallback = "default"

// compareWithin compares one snapshot along each of the axes asked for.
func compareWithin(stdout io.Writer, getenv func(string) string) error {
	path, err := within(getenv("LABEL"))
	if err != nil {
		return err
	}
	bench := getenv("BENCH")
	if bench == "" {
		bench = "^(Burst|Sustained)$"
	}
	s, err := load(path, bench)
	if err != nil {
		return err
	}
	axes, err := axesOf(s, getenv("BY"))
	if err != nil {
		return err
	}
	for _, axis := range axes {
		// The filter leaves out benchmarks without the axis, which would make an empty column.
		filter := fmt.Sprintf(".name:/%s/ /%s:/./", bench, axis)
		text, err := benchstat("-filter", filter, "-col", "/"+axis, s.Path)
		if err != nil {
			return err
		}
		title := fmt.Sprintf("# make compare LABEL=%s BY=%s\n", snapshot.LabelOf(path), axis)
		if err := store(stdout, stem(path)+".by-"+axis+".txt", title+text); err != nil {
			return err
		}
	}
	return nil
}

// within finds the snapshot that a label, or no label, means.
func within(name string) (path string, err error) {
	if name != "" {
		return snapshot.PathOf(name)
	}
	latest, err := snapshot.PathOf("latest")
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(latest); errors.Is(err, fs.ErrNotExist) {
		return snapshot.PathOf(fallback)
	}
	return latest, nil
}

// axesOf are the axes that by names. Where it names none, they are those that always stand in a
// name and vary.
func axesOf(s *snapshot.Snapshot, by string) ([]string, error) {
	if by == "" {
		var axes []string
		for _, axis := range []string{"journal", "exec", "writers"} {
			if len(s.Values(axis)) > 1 {
				axes = append(axes, axis)
			}
		}
		if axes == nil {
			return nil, fmt.Errorf("%s has one value each for journal, exec and writers, nothing to compare along; name another axis with BY, or a second snapshot with OLD and NEW", s.Path)
		}
		return axes, nil
	}
	axes := strings.Fields(strings.ReplaceAll(by, ",", " "))
	for _, axis := range axes {
		if values := s.Values(axis); len(values) < 2 {
			return nil, fmt.Errorf("BY=%s: %s has %d values of that axis (%s); comparing wants two or more",
				axis, s.Path, len(values), strings.Join(values, ", "))
		}
	}
	return axes, nil
}

func stem(path string) string { return strings.TrimSuffix(path, ".txt") }
