// Compare compares results with benchstat: one snapshot along an axis, or two snapshots. It prints
// the tables and stores them in text files beside the snapshot.
//
// "make compare" calls it from the top of the repository. Its settings are those of
// [command.Compare], from the environment; -h prints them.
//
// The exit status is 1 if the gate fails, and 2 if there is nothing to compare.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

func main() {
	command.Compare.Start()
	switch err := run(os.Stdout, os.Getenv); {
	case errors.Is(err, errGate):
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
}

// run computes all tables, then stores them, and then prints them, so that it prints nothing if it
// fails. A signal ends it before it stores anything, or after it has stored everything.
func run(stdout io.Writer, getenv func(string) string) error {
	ctx, stop := lifetime.Context()
	defer stop()
	tables, limit, err := compare(ctx, getenv)
	if err != nil {
		return err
	}
	if err := snapshot.Store(ctx, tables...); err != nil {
		return err
	}
	stop()
	for _, t := range tables {
		if _, err := fmt.Fprintf(stdout, "%s\n# stored in %s\n\n", t.Text, t.Path); err != nil {
			return err
		}
	}
	if limit == nil {
		return nil
	}
	return limit.check(stdout)
}

// compare returns the tables that the settings ask for, and the gate if there is one.
func compare(ctx context.Context, getenv func(string) string) ([]snapshot.File, *gate, error) {
	old, new, err := snapshot.Pair(getenv)
	switch {
	case err != nil:
		return nil, nil, err
	case old != "" && (getenv("LABEL") != "" || getenv("BY") != ""):
		return nil, nil, errors.New("LABEL and BY are for one snapshot, " +
			"OLD and NEW for two: give either")
	case old != "":
		return compareTwo(ctx, getenv, old, new)
	case getenv("GATE") != "":
		return nil, nil, errors.New("GATE needs two snapshots: give OLD and NEW")
	}
	tables, err := compareWithin(ctx, getenv)
	return tables, nil, err
}
