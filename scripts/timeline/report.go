package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/timeline"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// indent breaks text into indented lines for a terminal.
func indent(text string) string { return format.Wrap(text, format.Columns, "  ", "  ") }

// report draws the rounds and stores them as trace events, all beside the snapshot.
func report(ctx context.Context, out io.Writer, output runner.Output) error {
	text, err := os.ReadFile(tracePath(output.Scratch))
	if err != nil {
		return err
	}
	rounds, err := timeline.ReadTrace(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if len(rounds) == 0 {
		return fmt.Errorf("%s has no round to draw; give BENCH=Burst or BENCH=Sustained",
			output.Path)
	}
	trace := snapshot.Sibling(output.Path, "trace.json")
	err = snapshot.Store(ctx, snapshot.File{Path: trace, Text: string(text)})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is written.\n%s\n", trace, indent(
		"All rounds, for a trace viewer such as https://ui.perfetto.dev."))
	for i, path := range picturePaths(rounds, output.Path) {
		var svg strings.Builder
		if err := chart.DrawTimeline(&svg, rounds[i]); err != nil {
			return fmt.Errorf("%s is not drawn: %w", path, err)
		}
		err := snapshot.Store(ctx, snapshot.File{Path: path, Text: svg.String()})
		if err != nil {
			return err
		}
		name := strings.ReplaceAll(rounds[i].Name, "/", " ")
		fmt.Fprintf(out, "%s is written.\n%s\n", path,
			indent(name+": "+chart.Summarize(rounds[i])))
	}
	return nil
}

// picturePaths returns a path for each round's picture, named for what differs between the rounds.
func picturePaths(rounds []timeline.Timeline, snapshotPath string) (paths []string) {
	for _, t := range rounds {
		name := strings.Join(append(differences(t, rounds), "svg"), ".")
		paths = append(paths, snapshot.Sibling(snapshotPath, name))
	}
	return paths
}

// differences returns the values in a round's name that not all rounds have, as parts of a file
// name.
func differences(t timeline.Timeline, rounds []timeline.Timeline) (parts []string) {
	for _, word := range strings.Split(t.Name, "/") {
		common := !slices.ContainsFunc(rounds, func(other timeline.Timeline) bool {
			return !slices.Contains(strings.Split(other.Name, "/"), word)
		})
		if common {
			continue
		}
		if _, value, ok := strings.Cut(word, "="); ok {
			word = value
		}
		parts = append(parts, strings.ToLower(strings.ReplaceAll(word, ":", "-")))
	}
	return parts
}
