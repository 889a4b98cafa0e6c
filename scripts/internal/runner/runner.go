// Package runner makes result snapshots for the scripts: it builds a test binary, runs it COUNT
// times, and writes what the benchmarks print to results/LABEL.txt, atomically. A run executes all
// selected benchmarks once (A B C, A B C, ... rather than A A A, B B B, ...), so that a disk or
// another process whose load changes meanwhile affects all benchmarks alike.
package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"busybench/bench/lifetime"
	"busybench/bench/scratch"
	"busybench/scripts/internal/snapshot"
)

// Main is the main function of a script: it reads the environment, makes the snapshot, and prints
// the report. Progress goes to the standard error. It ends, and ends the benchmarks, on every
// signal that can be caught and when the parent process exits.
func Main(config Config, report Report) {
	config.Target.Start()
	// The kernel ends the test binary together with the thread that started it. This keeps that
	// thread alive as long as the process.
	runtime.LockOSThread()
	// The benchmarks are in a process group of their own, and a terminal may be set to "tostop".
	// Without this, their first write to it would stop them. Ignored signals are inherited.
	signal.Ignore(syscall.SIGTTOU)
	ctx, stop := lifetime.Context()
	defer stop()
	s, err := config.Read(os.Getenv)
	if err == nil {
		err = s.run(ctx, os.Stdout, os.Stderr, report)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", config.Target.Name, err)
		os.Exit(1)
	}
}

// run makes the snapshot. The report goes to stdout, progress to stderr. Settings are
// checked before the build.
func (s Settings) run(ctx context.Context, stdout, stderr io.Writer, report Report) (err error) {
	partial, err := s.openPartial()
	if err != nil {
		return err
	}
	defer partial.close()
	if err := s.checkFiles(); err != nil {
		return err
	}
	if err := os.MkdirAll(buildDir, 0o755); err != nil {
		return err
	}
	work, err := scratch.NewWorkDir(buildDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	partial.header("# %s", s.command)
	partial.header("# begun %s", time.Now().UTC().Format(time.RFC3339))
	partial.header("# revision %s", revision(ctx, "."))
	newProgress(0, stderr).building()
	binary, err := s.config.builder()(ctx, work.Path, stderr)
	if err != nil {
		return err
	}
	if err := s.checkFlags(ctx, binary, s.args(work.Path, 1)); err != nil {
		return err
	}
	run := func(ctx context.Context, number int, step Step, out io.Writer) error {
		if step.Run != nil {
			return step.Run(ctx, out)
		}
		return s.runOnce(ctx, binary, append(s.args(work.Path, number), step.Args...), out)
	}
	snap, err := s.runAll(ctx, run, partial, stderr)
	if err != nil {
		return err
	}
	return report(ctx, stdout, Output{snap, work.Path})
}

// buildDir is the directory for the test binary and scratch files, below the top of the repository.
const buildDir = ".build"

// runFunc makes a run, the first of which has the number 1, and writes what the benchmarks print.
type runFunc func(ctx context.Context, number int, step Step, out io.Writer) error

// runAll makes all runs and writes what they print to the partial file as it comes. In the end the
// file replaces the snapshot. After an error the partial file stays if it has a result, and the
// snapshot stays as it was.
func (s Settings) runAll(
	ctx context.Context, run runFunc, partial *partialFile, stderr io.Writer,
) (snap *snapshot.Snapshot, err error) {
	if s.config.Budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.config.Budget, errBudget)
		defer cancel()
	}
	p := newProgress(s.config.Budget, stderr)
	for state := (State{Path: partial.path}); err == nil; {
		step, ok := s.schedule(state)
		if !ok {
			break
		}
		p.begin(step)
		state.Steps++
		err = copyOutput(ctx, run, state.Steps, step, partial, p)
		if err != nil && step.Optional && ctx.Err() == nil {
			err = partial.write("# " + step.Name + " failed: " + firstLine(err))
			break
		}
		state.Elapsed, state.Last = p.elapsed(), p.elapsed()-state.Elapsed
	}
	p.end()
	if errors.Is(err, errBudget) && p.results > 0 {
		err = nil
	}
	if err == nil && p.results == 0 {
		err = fmt.Errorf("no benchmark matches BENCH=%q", s.bench)
	}
	if err == nil {
		snap, err = partial.finish()
	}
	if err != nil && p.results > 0 {
		err = fmt.Errorf("%w; what was measured until then is in %s", err, partial.path)
	}
	if err != nil {
		return nil, err
	}
	snap.Path = s.path
	return snap, nil
}

// firstLine returns the first line of an error's text.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// errInterrupted is the error of a run that a signal or the exit of the parent process ended.
var errInterrupted = errors.New("interrupted")

// copyOutput makes one run and copies what it prints, line by line, to the partial file. It ends
// the run if a line cannot be written.
func copyOutput(
	ctx context.Context, run runFunc, number int, step Step, partial *partialFile, p *progress,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var failures []string
	lines := &lineWriter{failed: cancel, line: func(text string) error {
		if err := partial.write(text); err != nil {
			return err
		}
		failures = appendFailure(failures, text)
		p.line(text)
		return nil
	}}
	err := run(ctx, number, step, lines)
	lines.flush()
	if lines.err != nil {
		return lines.err
	}
	if err != nil && !errors.Is(err, errInterrupted) && len(failures) > 0 {
		err = fmt.Errorf("%w:\n%s", err, strings.Join(failures, "\n"))
	}
	return err
}

// maxFailures limits how many lines on failures an error repeats. All of them are in the partial
// file if it has a result.
const maxFailures = 20

// appendFailure appends a line if it reports a failed benchmark or continues such a report.
func appendFailure(failures []string, line string) []string {
	if _, failure, ok := strings.Cut(line, "--- FAIL: "); ok {
		line = failure
	} else if len(failures) == 0 || !strings.HasPrefix(line, "    ") {
		return failures
	}
	switch n := len(failures); {
	case n < maxFailures:
		return append(failures, line)
	case n == maxFailures:
		return append(failures, "...")
	}
	return failures
}

// args returns the test binary's arguments in a run, the first of which has the number 1.
func (s Settings) args(scratch string, number int) []string {
	args := []string{"-test.run", "^$", "-test.timeout", "0", "-dir", s.dir}
	for _, f := range []struct{ flag, value string }{
		{"-test.bench", s.bench}, {"-axes", s.axes}, {"-round", s.round},
	} {
		if f.value != "" {
			args = append(args, f.flag, f.value)
		}
	}
	if s.config.Flags != nil {
		args = append(args, s.config.Flags(scratch)...)
	}
	if s.config.Target.Has("SEED") {
		args = append(args, fmt.Sprintf("-seed=%d", s.seed+uint64(number)-1))
	}
	return append(args, s.options...)
}
