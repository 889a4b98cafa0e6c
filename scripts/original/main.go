// Original repeats the experiment that this project began as, the cases of a test suite in Python:
// 5, 50, 250 and 500 writers, each of which connects, begins a deferred transaction, inserts one
// row, commits and closes. It runs them as BenchmarkBurst does, and with the suite's own method if
// there is a python3, in turn, as often as the time allows. It stores the results as a snapshot
// (see package runner), and reports why 500 inserts pass in the suite.
//
// "make original" calls it from the top of the repository. Its settings are those of
// [command.Original], from the environment; -h prints them.
package main

import (
	"cmp"
	"context"
	"io"
	"os/exec"
	"time"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

// budget is how long all runs may take after the build.
const budget = 55 * time.Second

// original is the state of a call.
type original struct {
	dir    string
	python string // its path, empty if there is none
}

func main() {
	o := &original{}
	runner.Main(runner.Config{
		Target: command.Original, Prepare: o.prepare, Schedule: o.next, Budget: budget,
		Files: []string{runner.ReportFile},
	}, runner.SaveReport(o.report))
}

// prepare reads the settings and looks for python3.
func (o *original) prepare(getenv func(string) string) (flags []string, err error) {
	o.dir = cmp.Or(getenv("DIR"), command.Original.Default("DIR"))
	o.python, err = exec.LookPath("python3")
	if err != nil {
		o.python = "" // the report says so
	}
	return nil, nil
}

func (o *original) report(_ context.Context, out io.Writer, output runner.Output) error {
	return writeReport(out, output.Snapshot, o.python != "")
}
