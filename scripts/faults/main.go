// Faults answers whether acknowledged rows survive when writers are killed. It runs
// BenchmarkFaults, stores the results as a snapshot (see package runner), and reports on each
// journal mode.
//
// "make faults" calls it from the top of the repository. It takes its settings from the
// environment:
//
//	AXES   what to run, for -axes (default: every journal mode, 8 processes, batch=50)
//	COUNT  runs (default 10)
//	KILLS  the smallest number of writers to kill in a run, in each journal mode (default 100)
//	ROWS   the smallest number of acknowledged rows likewise (default 100000)
//	SEED   seed of the first run; each further run has the next one (default 1). To continue
//	       after an interrupted run, give the seed that was next
//	ROUND  length of a round (default 1s)
//	BENCH  a regular expression of benchmarks (default "^BenchmarkFaults$")
//	LABEL  name of the snapshot (default "latest-faults"); beside it is LABEL.report.txt
//	DIR    directory on the disk to test (default: the current one)
package main

import (
	"context"
	"io"

	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Command: "make faults", Bench: "^BenchmarkFaults$", Count: 10, Label: "latest-faults",
	Seeded: true,
	Flags:  func(string) []string { return []string{"-faults", "-test.benchtime=1x"} },
	Options: []runner.Option{
		{Name: "KILLS", Flag: "-faults.kills"},
		{Name: "ROWS", Flag: "-faults.rows"},
	},
}

func main() { runner.Main("faults", config, report) }

// report is stored beside the snapshot.
var report = runner.SaveReport(
	func(_ context.Context, out io.Writer, output runner.Output) error {
		return writeReport(out, output.Snapshot)
	})
