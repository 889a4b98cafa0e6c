package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"time"

	"busybench/bench/format"
	"busybench/bench/profiling"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// report is stored beside the snapshot.
var report = runner.SaveReport(writeReport)

// inWriter is in the stack of everything that a writer does.
const inWriter = "busybench/bench/writer.(*Writer).Run"

// writeReport merges the profiles of all processes, stores them, and reports what is in them.
func writeReport(ctx context.Context, out io.Writer, output runner.Output) error {
	fmt.Fprint(out, "Where a writer's wall time goes, in % of an insert:\n\n")
	if err := writeWall(out, output.Snapshot); err != nil {
		return err
	}
	if err := writeCPU(ctx, out, output); err != nil {
		return err
	}
	for _, w := range []struct{ kind, title string }{
		{profiling.Block, `What goroutine writers waited for in Go. Their sleeps in SQLite and in a
kernel lock are system calls, which no Go profile shows.`},
		{profiling.Mutex, "Mutexes that goroutine writers held while others waited:"},
	} {
		path, _, err := mergeAndStore(ctx, output, w.kind)
		if err != nil {
			return err
		}
		focus := "-focus=" + regexp.QuoteMeta(inWriter)
		if err := writeTop(ctx, out, w.title, path, "-nodecount=15", "-cum", focus); err != nil {
			return err
		}
	}
	return nil
}

// writeCPU reports in which processes and in which functions processor time was spent.
func writeCPU(ctx context.Context, out io.Writer, output runner.Output) error {
	path, profiles, err := mergeAndStore(ctx, output, profiling.CPU)
	if err != nil {
		return err
	}
	var writers int
	var inWriters, inParent time.Duration
	for _, p := range profiles {
		if p.role == profiling.Writer {
			writers++
			inWriters += p.total
		} else {
			inParent += p.total
		}
	}
	text := fmt.Sprintf("Processor time from start to end, by 100 samples in each second of it: "+
		"%s in %d writer processes, %s in their parent.",
		format.Duration(inWriters), writers, format.Duration(inParent))
	fmt.Fprintf(out, "\n%s\n", format.Wrap(text, format.Columns, "", ""))
	err = writeTop(ctx, out, "By function:", path, "-nodecount=20")
	if err != nil {
		return err
	}
	err = writeTop(ctx, out, "By SQLite's functions, each with what it calls outside SQLite:", path,
		"-nodecount=20", "-show=^sqlite\\.")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `
More: go tool pprof -http=: %s (its graph needs graphviz, its flame graph does not)
`, path)
	return err
}

// mergeAndStore merges all processes' profiles of one kind and writes the result beside the
// snapshot.
func mergeAndStore(ctx context.Context, output runner.Output, kind string) (
	path string, all []processProfile, err error,
) {
	all, err = load(output.Scratch, kind)
	if err != nil {
		return "", nil, err
	}
	merged, err := merge(all)
	if err != nil {
		return "", nil, err
	}
	path = snapshot.Sibling(output.Path, kind+".pb.gz")
	return path, all, store(ctx, path, merged)
}

// writeTop writes pprof's table of the top functions of a profile.
func writeTop(ctx context.Context, out io.Writer, title, path string, args ...string) error {
	table, err := top(ctx, path, args...)
	if err != nil {
		return err
	}
	if table == "" {
		table = "      nothing was sampled\n"
	}
	_, err = fmt.Fprintf(out, "\n%s\n\n%s", title, table)
	return err
}
