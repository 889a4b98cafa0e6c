// Claims holds what others have published on SQLite under concurrent writers against the committed
// snapshots. It computes a verdict on each claim and writes results/claims.md. With ID it first
// measures the snapshots of these claims, as make bench does.
//
// "make claims" calls it from the top of the repository. Its settings are those of
// [command.Claims], from the environment; -h prints them.
package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// resultFile is the document with all verdicts.
var resultFile = filepath.Join(snapshot.Dir, "claims.md")

func main() {
	command.Claims.Start()
	ctx, stop := runner.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError(command.Claims.Name, err)
		os.Exit(1)
	}
}

// run measures what ID asks for, and then writes all verdicts.
func run(ctx context.Context, stdout io.Writer, getenv func(string) string) error {
	all, err := readClaims(claimsText)
	if err != nil {
		return err
	}
	shown, labels, err := all.choose(getenv)
	if err != nil {
		return err
	}
	for _, label := range labels {
		if err := all.measure(ctx, stdout, label, getenv); err != nil {
			return err
		}
	}
	verdicts, err := all.judge(snapshot.Dir)
	if err != nil {
		return err
	}
	file := snapshot.File{Path: resultFile, Text: document(all, verdicts)}
	if err := snapshot.Store(ctx, file); err != nil {
		return err
	}
	if len(shown) > 0 {
		return writeVerdicts(stdout, verdicts, shown)
	}
	return writeSummary(stdout, all, verdicts)
}
