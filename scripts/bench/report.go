package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"busybench/bench/format"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// report prints the tables, or with AB where the two snapshots are, then what makes the figures
// doubtful and a command that compares them.
func report(_ context.Context, out io.Writer, output runner.Output) error {
	if output.Old != nil {
		_, err := fmt.Fprintf(out, "%sAll figures are in %s\nand %s.\n%s",
			warnings(output.Old, output.Snapshot), output.Old.Path, output.Path,
			nextOfTwo(output.Old, output.Snapshot))
		return err
	}
	if err := writeTables(out, output.Snapshot); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s%sAll figures are in %s.\n%s", warnings(output.Snapshot),
		precision(output.Rows()), output.Path, next(output.Snapshot))
	return err
}

// warnings says what makes the figures of snapshots doubtful.
func warnings(snapshots ...*snapshot.Snapshot) (lines string) {
	return snapshot.WarningLines(snapshot.Doubts(snapshots...))
}

// precision says in a paragraph how precise the rates of rows are, if they have enough runs.
func precision(rows []snapshot.Row) string {
	var all []float64
	worst, minRuns := snapshot.Row{}, math.MaxInt
	for _, row := range rows {
		p, ok := row.Precision()
		if !ok {
			continue
		}
		if len(all) == 0 || p > slices.Max(all) {
			worst = row
		}
		all = append(all, p)
		minRuns = min(minRuns, len(row.Results))
	}
	if len(all) == 0 || minRuns < snapshot.MinSamples {
		return ""
	}
	text := fmt.Sprintf("Precision: the median row's rate is known to %s, the worst to %s (%s).",
		snapshot.FormatPrecision(snapshot.Median(all)), snapshot.FormatPrecision(slices.Max(all)),
		worst.Title())
	return format.Wrap(text, format.Columns, "", "  ") + "\n"
}
