// Report writes a snapshot as one HTML file that needs nothing else: the question, an answer in
// words, tables, pictures, the causes of lock errors, the machine, warnings, and the command that
// makes the snapshot again.
//
// "make report" calls it from the top of the repository. Its settings are those of
// [command.Report], from the environment; -h prints them.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

func main() {
	command.Report.Start()
	ctx, stop := lifetime.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError("report", err)
		os.Exit(2)
	}
}

// run stores the page beside the snapshot. It stores and prints nothing if it fails.
func run(ctx context.Context, stdout io.Writer, getenv func(string) string) error {
	path, err := snapshot.Resolve(getenv("LABEL"))
	if err != nil {
		return err
	}
	s, err := snapshot.Read(path)
	if err != nil {
		return err
	}
	p, err := newPage(s)
	if err != nil {
		return err
	}
	text, err := p.html()
	if err != nil {
		return err
	}
	file := snapshot.File{Path: snapshot.Sibling(path, "html"), Text: text}
	if err := snapshot.Store(ctx, file); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s is written.\n", file.Path)
	return err
}
