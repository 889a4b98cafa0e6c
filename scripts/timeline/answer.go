package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"busybench/bench/timeline"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// answer draws the rounds and stores them as trace events, all beside the snapshot.
func answer(out io.Writer, m runner.Run) error {
	text, err := os.ReadFile(traceIn(m.Scratch))
	if err != nil {
		return err
	}
	rounds, err := timeline.ReadTrace(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if len(rounds) == 0 {
		return fmt.Errorf("%s has no round to draw; give BENCH=Burst or BENCH=Sustained", m.Path)
	}
	trace := snapshot.Sibling(m.Path, "trace.json")
	if err := renameio.WriteFile(trace, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is written: all of it for a trace viewer, such as https://ui.perfetto.dev\n", trace)
	for i, path := range pathsOf(rounds, m.Path) {
		var svg strings.Builder
		if err := chart.DrawTimeline(&svg, rounds[i]); err != nil {
			return fmt.Errorf("%s is not drawn: %w", path, err)
		}
		if err := renameio.WriteFile(path, []byte(svg.String()), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s is written: %s\n", path, rounds[i].Name)
	}
	return nil
}

// pathsOf are where the pictures go: files named after what differs between the rounds.
func pathsOf(rounds []timeline.Timeline, snapshotPath string) (paths []string) {
	for _, t := range rounds {
		paths = append(paths, snapshot.Sibling(snapshotPath, strings.Join(append(differing(t, rounds), "svg"), ".")))
	}
	return paths
}

// differing are the values in a round's name that not all rounds have, as parts of a file's name.
func differing(t timeline.Timeline, rounds []timeline.Timeline) (parts []string) {
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
