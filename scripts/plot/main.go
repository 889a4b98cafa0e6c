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
	"fmt"
	"io"
	"os"
	"strings"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/curves"
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
	s, err := curves.Load(cmp.Or(newer, label), bench)
	if err != nil {
		return err
	}
	if err := curves.CheckBy(by, s); err != nil {
		return err
	}
	j := job{curves.Job{Source: s, By: by}}
	if older != "" {
		if j.Baseline, err = curves.LoadBaseline(older, bench); err != nil {
			return err
		}
	}
	return j.drawAll(ctx, stdout)
}

// job is what to draw.
type job struct{ curves.Job }

// drawAll draws all pictures, then stores them, and then prints what it stored.
func (j job) drawAll(ctx context.Context, stdout io.Writer) error {
	pictures, err := j.Draw()
	if err != nil {
		return err
	}
	if pictures == nil {
		return j.Missing()
	}
	var files []snapshot.File
	var lines strings.Builder
	for _, p := range pictures {
		files = append(files, p.File)
		fmt.Fprintf(&lines, "%s is written.\n", p.Path)
	}
	if err := snapshot.Store(ctx, files...); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, j.remarks()+lines.String()+j.Hint())
	return err
}

// remarks says at which revisions the snapshots were measured, and warns if they differ in more
// than the settings.
func (j job) remarks() string {
	if j.Baseline == nil {
		return revision(j.Source)
	}
	return revision(j.Baseline) + revision(j.Source) +
		snapshot.WarningLines(snapshot.Warnings(j.Baseline.Snapshot, j.Snapshot))
}

// revision says at which revision a snapshot was measured. It is empty if that is not known.
func revision(s *curves.Source) string {
	if len(s.Revisions) == 0 {
		return ""
	}
	return fmt.Sprintf("%s was measured with revision %s of this project.\n",
		s.Path, strings.Join(s.Revisions, " and "))
}
