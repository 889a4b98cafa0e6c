package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

// settings say what to look at, and for how long.
type settings struct {
	databases []string
	watch     bool
	length    time.Duration // of looking
	every     time.Duration // between two looks
	label     string        // of the picture
}

// briefly is how long the script looks without WATCH.
const briefly = 500 * time.Millisecond

func readSettings(getenv func(string) string) (s settings, err error) {
	get := func(name string) string {
		return cmp.Or(getenv(name), command.Locks.Default(name))
	}
	if s.databases = splitPaths(get("DB")); len(s.databases) == 0 {
		return s, errors.New("DB is empty; give the path of a database, such as DB=/srv/app.db, " +
			"or several with spaces between them")
	}
	s.label = get("LABEL")
	if _, err := snapshot.Path(s.label); err != nil {
		return s, fmt.Errorf("LABEL: %w", err)
	}
	if s.every, err = duration("EVERY", get("EVERY"), 100*time.Microsecond); err != nil {
		return s, err
	}
	s.length = briefly
	if text := get("WATCH"); text != "" {
		s.watch = true
		s.length, err = duration("WATCH", text, s.every)
	}
	return s, err
}

// splitPaths splits paths at spaces, unless the whole is a path with spaces.
func splitPaths(text string) []string {
	if _, err := os.Stat(text); err == nil {
		return []string{text}
	}
	return strings.Fields(text)
}

func duration(name, text string, minimum time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < minimum {
		return 0, fmt.Errorf("bad %s %q; give a duration of %v or more, such as 10s", name, text,
			minimum)
	}
	return d, nil
}
