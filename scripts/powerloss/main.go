// Powerloss answers what each setting loses when the power goes, beside what it costs. It runs
// BenchmarkPowerLoss, stores the results as a snapshot (see package runner), and reports on each
// combination of journal mode and synchronous.
//
// "make powerloss" calls it from the top of the repository. Its settings are those of
// [command.PowerLoss], from the environment; -h prints them.
package main

import (
	"context"
	"io"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Target: command.PowerLoss,
	Files:  []string{runner.ReportFile},
	Flags:  func(string) []string { return []string{"-powerloss", "-test.benchtime=1x"} },
	Options: []runner.Option{
		{Name: "CUTS", Flag: "-powerloss.cuts"},
		{Name: "ROWS", Flag: "-powerloss.rows"},
	},
}

func main() { runner.Main(config, report) }

// report is stored beside the snapshot.
var report = runner.SaveReport(
	func(_ context.Context, out io.Writer, output runner.Output) error {
		return writeReport(out, output.Snapshot)
	})
