// Plot draws a snapshot: inserts per second, lock errors and the 99th percentile of an insert against the number
// of writers, a line for each journal mode and kind of writer, as SVG files beside the snapshot.
//
// It is what "make plot" calls, from the top of the repository, and takes its settings from the environment:
//
//	LABEL     the snapshot to draw (default "latest", or else "default")
//	OLD, NEW  two snapshots to draw into the same pictures instead, labels or paths
//	BENCH     which benchmarks, a regular expression (default "^(Burst|Sustained)$")
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"busybench/scripts/internal/snapshot"
)

func main() {
	if err := run(os.Stdout, os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(2)
	}
}

func run(stdout io.Writer, getenv func(string) string) error {
	label := getenv("LABEL")
	old, new, err := snapshot.Pair(getenv)
	switch {
	case err != nil:
		return err
	case old != "" && label != "":
		return errors.New("LABEL is for one snapshot, OLD and NEW for two: give either")
	}
	bench := cmp.Or(getenv("BENCH"), "^(Burst|Sustained)$")
	s, err := load(cmp.Or(new, label), bench)
	if err != nil {
		return err
	}
	var before *source
	if old != "" {
		if before, err = load(old, bench); err != nil {
			return err
		}
	}
	return drawAll(stdout, before, s)
}

// source is a snapshot with its rows, and the ceilings apart.
type source struct {
	*snapshot.Snapshot
	rows, ceilings []snapshot.Row
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
	ceilings := slices.DeleteFunc(s.Rows(), func(row snapshot.Row) bool { return row.Benchmark() != "Ceiling" })
	if err := s.Select(bench); err != nil {
		return nil, err
	}
	return &source{s, s.Rows(), ceilings}, nil
}
