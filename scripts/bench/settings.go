package main

import (
	"fmt"
	"strconv"
	"strings"

	"busybench/scripts/snapshot"
)

// settings are what the environment asks for.
type settings struct {
	bench, axes, dir, round string
	count                   int
	path                    string // of the snapshot
	command                 string // that makes this snapshot again
}

func readSettings(getenv func(string) string) (s settings, err error) {
	or := func(name, otherwise string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return otherwise
	}
	s = settings{bench: or("BENCH", "."), axes: getenv("AXES"), dir: or("DIR", "."), round: or("ROUND", "1s")}
	if s.count, err = strconv.Atoi(or("COUNT", "10")); err != nil || s.count < 1 {
		return s, fmt.Errorf("bad COUNT %q; give a whole number of passes, 1 or more", getenv("COUNT"))
	}
	if s.path, err = snapshot.PathOf(or("LABEL", "latest")); err != nil {
		return s, fmt.Errorf("LABEL: %w", err)
	}
	s.command = "make bench"
	for _, name := range []string{"BENCH", "AXES", "COUNT", "LABEL", "DIR", "ROUND"} {
		if value := getenv(name); value != "" {
			s.command += fmt.Sprintf(" %s='%s'", name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	return s, nil
}
