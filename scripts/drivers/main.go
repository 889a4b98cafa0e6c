// Drivers builds the writer programs of other drivers into .build/writers, so that the axis driver
// can name them. It says in one line each what the rest need.
//
// "make drivers" calls it from the top of the repository.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"busybench/bench/drivers"
	"busybench/bench/fleet"
	"busybench/bench/format"
	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/driverbuild"
)

func main() {
	command.Drivers.Start()
	// The kernel ends a compiler together with the thread that started it.
	runtime.LockOSThread()
	ctx, stop := lifetime.Context()
	defer stop()
	b, err := driverbuild.New(".", drivers.Built)
	if err == nil {
		err = buildAll(ctx, b, os.Stdout)
	}
	if err != nil {
		command.PrintError("drivers", err)
		os.Exit(1)
	}
}

// buildAll builds what can be built, and prints a line for each driver.
func buildAll(ctx context.Context, b driverbuild.Builder, out io.Writer) error {
	var errs []error
	for _, name := range driverbuild.Names() {
		text, err := build(ctx, b, name)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		const width = 9
		fmt.Fprintln(out, format.Wrap(text, format.Columns, fmt.Sprintf("%-*s", width, name),
			strings.Repeat(" ", width)))
	}
	return errors.Join(errs...)
}

// build builds a driver. It returns the versions that its writer names, or what it needs.
func build(ctx context.Context, b driverbuild.Builder, name string) (string, error) {
	path, err := b.Build(ctx, name)
	var missing driverbuild.Missing
	if errors.As(err, &missing) {
		return "not built: " + missing.Text, nil
	}
	if err != nil {
		return "", err
	}
	described, err := fleet.Describe([]string{path})
	return described.String(), err
}
