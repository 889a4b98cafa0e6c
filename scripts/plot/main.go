// Plot draws a snapshot as SVG files beside it: inserts per second, lock errors and the 99th
// percentile of an insert against the number of writers, with a line for each journal mode and
// kind of writer.
//
// With BY it draws a line for each value of an axis instead.
//
// "make plot" calls it from the top of the repository. Its settings are those of [command.Plot],
// from the environment; -h prints them.
package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"slices"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

func main() {
	command.Plot.Start()
	ctx, stop := lifetime.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError("plot", err)
		os.Exit(2)
	}
}

// run draws all pictures, then stores them, and then prints what it stored. A signal ends it before
// it stores anything, or after it has stored everything.
func run(ctx context.Context, stdout io.Writer, getenv func(string) string) error {
	label, by := getenv("LABEL"), getenv("BY")
	older, newer, err := snapshot.Pair(getenv)
	switch {
	case err != nil:
		return err
	case older != "" && (label != "" || by != ""):
		return errors.New("LABEL and BY are for one snapshot, OLD and NEW for two: give either")
	}
	bench := cmp.Or(getenv("BENCH"), snapshot.Writing)
	s, err := load(cmp.Or(newer, label), bench)
	if err != nil {
		return err
	}
	if err := checkBy(by, s); err != nil {
		return err
	}
	j := job{source: s, by: by}
	if older != "" {
		if j.baseline, err = load(older, bench); err != nil {
			return err
		}
		j.baseline.baseline = true
	}
	return j.drawAll(ctx, stdout)
}

// source is a snapshot with its selected rows, and the rows of its ceilings.
type source struct {
	*snapshot.Snapshot
	rows, ceilings []snapshot.Row
	baseline       bool // the older of two snapshots
}

func load(label, bench string) (*source, error) {
	path, err := snapshot.Resolve(label)
	if err != nil {
		return nil, err
	}
	s, err := snapshot.Read(path)
	if err != nil {
		return nil, err
	}
	ceilings := slices.DeleteFunc(s.Rows(), func(row snapshot.Row) bool {
		return row.Benchmark() != "Ceiling"
	})
	if err := s.Select(bench); err != nil {
		return nil, err
	}
	if err := s.CheckHeaders(); err != nil {
		return nil, err
	}
	return &source{Snapshot: s, rows: s.Rows(), ceilings: ceilings}, nil
}
