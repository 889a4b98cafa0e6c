// Quick gives an answer in plain words within a minute: how today's settings fare on this disk with
// several writers, why writes were refused, and what to change first. It measures today's settings
// and the usual improvements in turn, as often as the time allows, and stores a snapshot (see
// package runner) with the answer beside it.
//
// "make quick" calls it from the top of the repository. Its settings are those of [command.Quick],
// from the environment; -h prints them.
package main

import (
	"cmp"
	"context"
	"io"
	"time"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

// budget is how long everything may take after the build. The rest of the minute is for the end of
// the last process and for the answer.
const budget = 57 * time.Second

// quick is the state of a call.
type quick struct {
	matrix
	schedule
	dir       string    // that is measured
	libraries []library // of the user
}

func main() {
	q := &quick{}
	runner.Main(runner.Config{
		Target: command.Quick, Prepare: q.prepare, Schedule: q.next, Budget: budget,
		OwnDriver: true, Files: []string{runner.ReportFile},
	}, runner.SaveReport(q.report))
}

// prepare reads the settings.
func (q *quick) prepare(getenv func(string) string) (flags []string, err error) {
	q.dir = cmp.Or(getenv("DIR"), command.Quick.Default("DIR"))
	if q.matrix, err = readMatrix(getenv); err != nil {
		return nil, err
	}
	q.libraries, err = userLibraries(getenv("DRIVER"))
	return nil, err
}

func (q *quick) report(_ context.Context, out io.Writer, output runner.Output) error {
	a := newAnswer(q.matrix, output.Snapshot)
	a.libraries = q.libraries
	return writeAnswer(out, a, q.dir)
}
