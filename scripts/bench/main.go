// Bench makes a result snapshot, by passes over the benchmarks (see package passes), and prints a table of it.
//
// It is what "make bench" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	BENCH  which benchmarks, a regular expression (default ".")
//	AXES   what to run, for -axes (default: the default matrix)
//	COUNT  passes (default 10)
//	LABEL  name of the snapshot (default "latest")
//	DIR    directory on the disk to measure (default: the current one)
//	ROUND  length of a sustained round (default 1s)
package main

import (
	"fmt"
	"io"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

var script = runner.Config{Command: "make bench", Bench: ".", Count: 10, Label: "latest"}

func main() {
	runner.Main("bench", script, func(out io.Writer, m runner.Run) error {
		fmt.Fprintf(out, "%s is written. Compare with: make compare LABEL=%s\n\n", m.Path, snapshot.Label(m.Path))
		return writeTable(out, m.Snapshot)
	})
}
