package main

import (
	"bytes"
	"context"
	"errors"
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
	for i, path := range picturePaths(rounds, output.Path, "svg") {
		if err := drawRound(ctx, out, path, rounds[i]); err != nil {
			return err
		}
	}
	for i, path := range picturePaths(rounds, output.Path, "series.svg") {
		if !rounds[i].HasFigures() {
			continue
		}
		if err := drawTracks(ctx, out, path, rounds[i]); err != nil {
			return err
		}
	}
	return nil
}

// drawRound draws what each writer did in a round. If that is too much to draw, it is an error,
// except for a round with a picture of its figures over time: this one says so then.
func drawRound(ctx context.Context, out io.Writer, path string, t timeline.Timeline) error {
	err := draw(ctx, out, path, chart.DrawTimeline, t)
	if t.HasFigures() && errors.Is(err, chart.ErrTooMany) {
		_, err = fmt.Fprintln(out, format.Wrap(err.Error()+".", 80, "", "  "))
		return err
	}
	if err == nil {
		_, err = fmt.Fprintln(out, indent(roundName(t)+": "+chart.Summarize(t)))
	}
	return err
}

// drawTracks draws the figures over the time of a round.
func drawTracks(ctx context.Context, out io.Writer, path string, t timeline.Timeline) error {
	if err := draw(ctx, out, path, chart.DrawTracks, t); err != nil {
		return err
	}
	fmt.Fprintln(out, indent(roundName(t)+", over time:"))
	for line := range strings.Lines(chart.DescribeTracks(t)) {
		if _, err := fmt.Fprintln(out, format.Wrap(line, 80, "  ", "    ")); err != nil {
			return err
		}
	}
	return nil
}

func roundName(t timeline.Timeline) string { return strings.ReplaceAll(t.Name, "/", " ") }

// draw stores a picture of a round.
func draw(
	ctx context.Context, out io.Writer, path string,
	draw func(io.Writer, timeline.Timeline) error, t timeline.Timeline,
) error {
	var svg strings.Builder
	if err := draw(&svg, t); err != nil {
		return fmt.Errorf("%s is not drawn: %w", path, err)
	}
	if err := snapshot.Store(ctx, snapshot.File{Path: path, Text: svg.String()}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s is written.\n", path)
	return err
}

// picturePaths returns a path for a picture of each round, named for what differs between the
// rounds.
func picturePaths(rounds []timeline.Timeline, snapshotPath, ending string) (paths []string) {
	for _, t := range rounds {
		name := strings.Join(append(differences(t, rounds), ending), ".")
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
