// Limit answers how many writers can write at once before one of them gets "database is locked". It
// runs BenchmarkLimit, stores the results as a snapshot (see package runner), and reports one
// sentence for each combination of settings.
//
// "make limit" calls it from the top of the repository. Its settings are those of
// [command.Limit], from the environment; -h prints them.
package main

import (
	"errors"

	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Target: command.Limit,
	Files:  []string{runner.ReportFile},
	CheckAxes: func(axes scenario.Axes) error {
		if axes.Has("writers") {
			return errors.New("leave out writers, which is searched for up to MAX")
		}
		return nil
	},
	Flags: func(string) []string {
		return []string{"-limit", "-test.benchtime=1x"} // one search each, however short
	},
	Options: []runner.Option{
		{Name: "MAX", Flag: "-limit.max"},
		{Name: "ROUNDS", Flag: "-limit.rounds"},
		{Name: "ERRORS", Flag: "-limit.errors"},
		{Name: "P99", Flag: "-limit.p99"},
		{Name: "TIME", Flag: "-limit.time"},
	},
}

func main() { runner.Main(config, report) }
