// Bench makes a result snapshot (see package runner) and prints a table of it.
//
// "make bench" calls it from the top of the repository. It takes its settings from the environment:
//
//	BENCH  a regular expression of benchmarks (default ".")
//	AXES   what to run, for -axes (default: the default matrix)
//	COUNT  runs (default 10)
//	LABEL  name of the snapshot (default "latest")
//	DIR    directory on the disk to measure (default: the current one)
//	ROUND  length of a sustained round (default 1s)
package main

import (
	"context"
	"fmt"
	"io"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

var config = runner.Config{Command: "make bench", Bench: ".", Count: 10, Label: "latest"}

func main() { runner.Main("bench", config, report) }

// report prints the table.
func report(_ context.Context, out io.Writer, output runner.Output) error {
	fmt.Fprintf(out, "%s is written. Compare with: make compare LABEL=%s\n\n",
		output.Path, snapshot.Label(output.Path))
	return writeTable(out, output.Snapshot)
}
