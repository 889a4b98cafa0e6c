// Bench makes a result snapshot (see package runner) and prints a table of it.
//
// "make bench" calls it from the top of the repository. Its settings are those of
// [command.Bench], from the environment; -h prints them.
package main

import (
	"context"
	"fmt"
	"io"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

var config = runner.Config{Target: command.Bench}

func main() { runner.Main(config, report) }

// report prints the tables.
func report(_ context.Context, out io.Writer, output runner.Output) error {
	if err := writeTables(out, output.Snapshot); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nAll figures are in %s.\nNext: make compare LABEL=%s\n",
		output.Path, snapshot.Label(output.Path))
	return err
}
