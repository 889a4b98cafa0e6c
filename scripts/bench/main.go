// Bench makes a result snapshot (see package runner) and prints a table of it.
//
// "make bench" calls it from the top of the repository. Its settings are those of
// [command.Bench], from the environment; -h prints them.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

var config = runner.Config{Target: command.Bench}

func main() { runner.Main(config, report) }

// report prints the tables, or with AB how to compare the two snapshots.
func report(_ context.Context, out io.Writer, output runner.Output) error {
	if output.Old != nil {
		_, err := fmt.Fprintf(out, "All figures are in %s\nand %s.\n"+
			"Next: make compare OLD=%s NEW=%s GATE=5\n", output.Old.Path, output.Path,
			name(output.Old), name(output.Snapshot))
		return err
	}
	if err := writeTables(out, output.Snapshot); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%sAll figures are in %s.\nNext: make compare LABEL=%s\n",
		precision(output.Rows()), output.Path, name(output.Snapshot))
	return err
}

// name returns what names a snapshot in a command: its label, or its path if it is elsewhere.
func name(s *snapshot.Snapshot) string {
	if filepath.Dir(s.Path) == snapshot.Dir {
		return snapshot.Label(s.Path)
	}
	return s.Path
}

// precision says in a paragraph how precise the rates of rows are, if they have enough runs.
func precision(rows []snapshot.Row) string {
	var all []float64
	worst, least, most := snapshot.Row{}, math.MaxInt, 0
	for _, row := range rows {
		p, ok := row.Precision()
		if !ok {
			continue
		}
		if len(all) == 0 || p > slices.Max(all) {
			worst = row
		}
		all = append(all, p)
		least, most = min(least, len(row.Results)), max(most, len(row.Results))
	}
	if len(all) == 0 || least < snapshot.MinSamples {
		return ""
	}
	runs := format.Count(most, "run")
	if least < most {
		runs = fmt.Sprintf("%d to %s", least, runs)
	}
	text := fmt.Sprintf("Precision: the median row's rate is known to ±%.0f %%, "+
		"the worst to ±%.0f %% (%s), 95 %% intervals of the median, %s of each row.",
		100*snapshot.Median(all), 100*slices.Max(all), describe(worst), runs)
	return format.Wrap(text, format.Columns, "", "  ") + "\n"
}

// describe returns the name of a row in words.
func describe(row snapshot.Row) string {
	return strings.Join(append([]string{row.Benchmark()},
		snapshot.NameParts(row.Results[0])...), " ")
}
