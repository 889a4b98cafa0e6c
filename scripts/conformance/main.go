// Conformance tests whether a program is a writer as package protocol describes it, and reports
// which cases it passes (see package conformance).
//
// "make conformance" calls it from the top of the repository. Its settings are those of
// [command.Conformance], from the environment; -h prints them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"busybench/bench/drivers"
	"busybench/bench/fleet"
	"busybench/bench/lifetime"
	"busybench/bench/protocol"
	"busybench/bench/protocol/conformance"
	"busybench/bench/scenario"
	"busybench/bench/scratch"
	"busybench/bench/writer"
	"busybench/scripts/internal/command"
)

func main() {
	if os.Getenv(fleet.WriterVariable) != "" { // the driver is zombiezen
		protocol.Serve(writer.Serve, os.Exit)
		return
	}
	command.Conformance.Start()
	// The kernel ends a writer together with the thread that started it.
	runtime.LockOSThread()
	ctx, stop := lifetime.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError("conformance", err)
		os.Exit(1)
	}
}

// run tests a driver and prints the report.
func run(ctx context.Context, out io.Writer, getenv func(string) string) (err error) {
	o, err := readOptions(getenv)
	if err != nil {
		return err
	}
	work, err := scratch.NewWorkDir(o.Dir)
	if err != nil {
		return fmt.Errorf("DIR: %w", err)
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	o.Dir = work.Path
	kit, err := conformance.New(o)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	}
	r := newReport(out, o.Name, kit.Driver)
	kit.Run(func(string) bool { return ctx.Err() == nil }, r.add)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.end()
}

// readOptions reads the settings.
func readOptions(getenv func(string) string) (o conformance.Options, err error) {
	get := func(name string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return command.Conformance.Default(name)
	}
	text := get("DRIVER")
	o.Dir = get("DIR")
	if text == scenario.Zombiezen {
		program, err := os.Executable()
		o.Name, o.Command = text, []string{program}
		return o, err
	}
	if o.Name, o.Command, err = drivers.FindSetting(text); err != nil {
		return o, fmt.Errorf("DRIVER: %w", err)
	}
	return o, nil
}
