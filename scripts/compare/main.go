// Compare compares results: one snapshot along an axis, or two snapshots. It prints tables of a few
// units and a verdict, as text or Markdown, or the figures as CSV. It stores benchstat's tables of
// all units in text files beside the snapshot.
//
// "make compare" calls it from the top of the repository. Its settings are those of
// [command.Compare], from the environment; -h prints them.
//
// The exit status is 1 if the gate fails: a figure is worse, or is missing. It is 2 if there is
// nothing to compare, or if there are too few runs for the gate to judge.
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
	if err := checkFormat(getenv); err != nil {
		return err
	}
	r, err := compare(ctx, getenv)
	if err != nil {
		return err
	}
	if err := snapshot.Store(ctx, r.files()...); err != nil {
		return err
	}
	stop()
	if _, err := io.WriteString(stdout, formats[getenv("FORMAT")](r)); err != nil {
		return err
	}
	if r.gate == nil {
		return nil
	}
	return r.gate.check(stdout)
}

// compare returns the report that the settings ask for.
func compare(ctx context.Context, getenv func(string) string) (report, error) {
	older, newer, err := snapshot.Pair(getenv)
	switch {
	case err != nil:
		return report{}, err
	case older != "" && (getenv("LABEL") != "" || getenv("BY") != ""):
		return report{}, errors.New("LABEL and BY are for one snapshot, " +
			"OLD and NEW for two: give either")
	case older != "":
		return compareTwo(ctx, getenv, older, newer)
	case getenv("GATE") != "":
		return report{}, errors.New("GATE needs two snapshots: give OLD and NEW")
	}
	return compareWithin(ctx, getenv)
}
