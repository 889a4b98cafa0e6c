package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"busybench/bench/profiling"
	"busybench/scripts/passes"
	"busybench/scripts/snapshot"
)

// answer writes the answer to a terminal, and into a file beside the snapshot.
func answer(out io.Writer, m passes.Made) error {
	text, err := report(m)
	if err != nil {
		return err
	}
	path := snapshot.Beside(m.Path, "profile.txt")
	if err := snapshot.WriteWhole(path, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is written, and what follows in %s.\n\n%s", m.Path, path, text)
	return err
}

// report merges the profiles that the processes have left and says what is in them.
func report(m passes.Made) (string, error) {
	var out strings.Builder
	fmt.Fprint(&out, "Where a writer's wall time goes, in % of an insert:\n\n")
	if err := writeWall(&out, m.Snapshot); err != nil {
		return "", err
	}
	path, err := merge(m.Scratch, profiling.CPU, m.Path)
	if err != nil {
		return "", err
	}
	if err := writeCPU(&out, m.Scratch, path); err != nil {
		return "", err
	}
	for _, w := range []struct{ kind, what string }{
		{profiling.Block, "What goroutine writers waited for in Go (their sleeps in SQLite and in a kernel lock are system calls, which no Go profile shows):"},
		{profiling.Mutex, "Mutexes that goroutine writers held while others waited:"},
	} {
		path, err := merge(m.Scratch, w.kind, m.Path)
		if err != nil {
			return "", err
		}
		if err := writeTop(&out, w.what, path, "-nodecount=15", "-cum", "-focus="+regexp.QuoteMeta("busybench/bench/writer.(*Writer).Run")); err != nil {
			return "", err
		}
	}
	return out.String(), nil
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
