// Faults answers whether acknowledged rows survive when writers are killed. It runs
// BenchmarkFaults, stores the results as a snapshot (see package runner), and reports on each
// journal mode.
//
// "make faults" calls it from the top of the repository. Its settings are those of
// [command.Faults], from the environment; -h prints them.
package main

import (
	"context"
	"io"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Target: command.Faults,
	Files:  []string{runner.ReportFile},
	Flags:  func(string) []string { return []string{"-faults", "-test.benchtime=1x"} },
	Options: []runner.Option{
		{Name: "KILLS", Flag: "-faults.kills"},
		{Name: "ROWS", Flag: "-faults.rows"},
	},
}

func main() { runner.Main(config, report) }

// report is stored beside the snapshot.
var report = runner.SaveReport(
	func(_ context.Context, out io.Writer, output runner.Output) error {
		return writeReport(out, output.Snapshot)
	})
