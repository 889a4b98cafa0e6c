// Compare holds results against each other with benchstat: one snapshot along an axis, or two
// snapshots. The tables go to the terminal and into text files beside the snapshot.
//
// It is what "make compare" calls, from the top of the repository, and takes its settings from
// the environment:
//
//	LABEL     the snapshot to compare within (default "latest", or else "default")
//	BY        axes to compare along, each in a table of its own, as words such as "busy", or
//	          "busy=5s,none,queue" for these values in this order, each held against the first
//	          (default "journal exec writers", those of them that vary in the snapshot)
//	OLD, NEW  two snapshots to compare instead, labels or paths
//	BENCH     which benchmarks, a regular expression (default "^(Burst|Sustained)$", with OLD and
//	          NEW ".")
//	GATE      with OLD and NEW: fail where inserts/s or p99-ns is worse by more than so many percent
//	          and the difference is significant
//
// It exits with 1 where the gate is shut, and with 2 where there is nothing to compare.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"busybench/scripts/internal/snapshot"
)

func main() {
	switch err := run(os.Stdout, os.Getenv); {
	case errors.Is(err, errGate):
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
}

func run(stdout io.Writer, getenv func(string) string) error {
	old, new, err := snapshot.Pair(getenv)
	switch {
	case err != nil:
		return err
	case old != "" && (getenv("LABEL") != "" || getenv("BY") != ""):
		return errors.New("LABEL and BY are for one snapshot, OLD and NEW for two: give either")
	case old != "":
		return compareTwo(stdout, getenv, old, new)
	case getenv("GATE") != "":
		return errors.New("GATE wants two snapshots: give OLD and NEW")
	}
	return compareWithin(stdout, getenv)
}
