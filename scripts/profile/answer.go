package main

import (
	"fmt"
	"io"
	"regexp"

	"busybench/bench/profiling"
	"busybench/scripts/internal/runner"
)

// answer is stored beside the snapshot.
var answer = runner.SaveReport("profile.txt", "and what follows", writeReport)

// writeReport merges the profiles that the processes have left and says what is in them.
func writeReport(out io.Writer, m runner.Run) error {
	fmt.Fprint(out, "Where a writer's wall time goes, in % of an insert:\n\n")
	if err := writeWall(out, m.Snapshot); err != nil {
		return err
	}
	path, err := merge(m.Scratch, profiling.CPU, m.Path)
	if err != nil {
		return err
	}
	if err := writeCPU(out, m.Scratch, path); err != nil {
		return err
	}
	for _, w := range []struct{ kind, what string }{
		{profiling.Block, "What goroutine writers waited for in Go (their sleeps in SQLite and in a kernel lock are system calls, which no Go profile shows):"},
		{profiling.Mutex, "Mutexes that goroutine writers held while others waited:"},
	} {
		path, err := merge(m.Scratch, w.kind, m.Path)
		if err != nil {
			return err
		}
		if err := writeTop(out, w.what, path, "-nodecount=15", "-cum", "-focus="+regexp.QuoteMeta("busybench/bench/writer.(*Writer).Run")); err != nil {
			return err
		}
	}
	return nil
}

// writeCPU says whose processor time it was, and in which functions.
func writeCPU(out io.Writer, dir, path string) error {
	if err := writeProcesses(out, dir); err != nil {
		return err
	}
	if err := writeTop(out, "By function:", path, "-nodecount=20"); err != nil {
		return err
	}
	err := writeTop(out, "By SQLite's functions, each with what it calls outside SQLite:", path, "-nodecount=20", "-show=^sqlite\\.")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nMore: go tool pprof -http=: %s (its graph wants graphviz, the flame graph nothing)\n", path)
	return err
}

// writeTop writes pprof's table of the top functions of a profile.
func writeTop(out io.Writer, what, path string, args ...string) error {
	table, err := top(path, args...)
	if err != nil {
		return err
	}
	if table == "" {
		table = "      nothing was sampled\n"
	}
	_, err = fmt.Fprintf(out, "\n%s\n\n%s", what, table)
	return err
}
