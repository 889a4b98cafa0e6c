package main

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// next returns a line with a command that compares the rows of a snapshot, or nothing if it has
// nothing to compare.
func next(s *snapshot.Snapshot) string {
	part := *s
	part.Results = slices.Clone(s.Results)
	if part.Select(snapshot.Writing) != nil || part.CheckSamples() != nil {
		return ""
	}
	command := "make compare LABEL=" + format.ShellWord(name(s))
	if len(part.Varied(scenario.AlwaysNamed)) == 0 {
		axes := part.Varied(scenario.Names())
		if len(axes) == 0 {
			return ""
		}
		command += " BY=" + strings.Join(axes, ",")
	}
	return fmt.Sprintf("Next: %s\n", command)
}

// nextOfTwo returns a line with a command that compares two snapshots, or nothing if it cannot. It
// has a gate if there are enough runs for one.
func nextOfTwo(older, newer *snapshot.Snapshot) string {
	if older.CheckSamples() != nil || newer.CheckSamples() != nil ||
		len(snapshot.Common(older, newer)) == 0 {
		return ""
	}
	command := fmt.Sprintf("make compare OLD=%s NEW=%s",
		format.ShellWord(name(older)), format.ShellWord(name(newer)))
	const figures = 3 // of a row, at most: inserts/s, p99-ns and lock errors
	runs := min(len(older.Rows()[0].Results), len(newer.Rows()[0].Results))
	if ranktest.CanFind(ranktest.MinGreater(runs, runs), figures*len(older.Rows())) {
		command += " GATE=5"
	}
	return fmt.Sprintf("Next: %s\n", command)
}

// name returns what names a snapshot in a command: its label, or its path if it is elsewhere.
func name(s *snapshot.Snapshot) string {
	label := snapshot.Label(s.Path)
	if path, err := snapshot.Path(label); err == nil && path == s.Path {
		return label
	}
	return s.Path
}
