// Package runner makes result snapshots for the scripts: it builds a test binary, runs it COUNT
// times, and writes what the benchmarks print to results/LABEL.txt, atomically. A run executes all
// selected benchmarks once (A B C, A B C, ... rather than A A A, B B B, ...), so that a disk or
// another process whose load changes meanwhile affects all benchmarks alike.
//
// With AB there are two binaries and two snapshots. Each run executes both, the older first in the
// first run, the newer first in the second, and so on, with the same seed.
package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"busybench/bench/lifetime"
	"busybench/bench/scratch"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

// Main is the main function of a script: it reads the environment, makes the snapshot, and prints
// the report. Progress goes to the standard error. It ends, and ends the benchmarks, on every
// signal that can be caught and when the parent process exits.
func Main(config Config, report Report) {
	config.Target.Start()
	ctx, stop := Context()
	defer stop()
	if err := config.Make(ctx, os.Getenv, report); err != nil {
		command.PrintError(config.Target.Name, err)
		os.Exit(1)
	}
}

// Context returns a context for [Config.Make], and a function that releases it. It is canceled by
// every signal that can be caught and when the parent process exits. Call it in the main goroutine.
func Context() (ctx context.Context, stop func()) {
	// The kernel ends the test binary together with the thread that started it. This keeps that
	// thread alive as long as the process.
	runtime.LockOSThread()
	// The benchmarks are in a process group of their own, and a terminal may be set to "tostop".
	// Without this, their first write to it would stop them. Ignored signals are inherited.
	signal.Ignore(syscall.SIGTTOU)
	return lifetime.Context()
}

// Make reads the settings, makes the snapshot and writes the report to the standard output.
// Progress goes to the standard error.
func (c Config) Make(
	ctx context.Context, getenv func(string) string, report Report,
) error {
	s, err := c.Read(getenv)
	if err != nil {
		return err
	}
	return s.run(ctx, os.Stdout, os.Stderr, report)
}

// run makes the snapshot, or with AB both. The report goes to stdout, progress to stderr. Settings
// are checked before the build.
func (s Settings) run(ctx context.Context, stdout, stderr io.Writer, report Report) (err error) {
	sides := s.sides()
	for i := range sides {
		if err := sides[i].open(); err != nil {
			return err
		}
		defer sides[i].partial.close()
	}
	if err := os.MkdirAll(buildDir, 0o755); err != nil {
		return err
	}
	work, err := scratch.NewWorkDir(buildDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	if err := s.prepare(ctx, sides, work.Path, stderr); err != nil {
		return err
	}
	snaps, err := s.runAll(ctx, sides, stderr)
	if err != nil {
		return err
	}
	output := Output{Snapshot: snaps[len(snaps)-1], Scratch: work.Path}
	if len(snaps) > 1 {
		output.Old = snaps[0]
	}
	return report(ctx, stdout, output)
}

// prepare writes the headers, finds the binaries, and lets them check their flags.
func (s Settings) prepare(
	ctx context.Context, sides []side, scratch string, stderr io.Writer,
) error {
	begun, revision := time.Now().UTC().Format(time.RFC3339), revision(ctx, ".")
	for i := range sides {
		sides[i].header(begun, revision)
	}
	if len(s.binaries) == 0 {
		p := newProgress(0, stderr)
		p.building()
		defer p.end() // the binary may report an error
		binary, err := s.config.builder()(ctx, scratch, stderr)
		if err != nil {
			return err
		}
		sides[0].binary = binary
		p.checking(s.sql)
	}
	for i := range sides {
		if err := sides[i].check(ctx, scratch); err != nil {
			return err
		}
		sides[i].run = sides[i].runner(scratch)
	}
	return nil
}

// buildDir is the directory for the test binary and scratch files, below the top of the repository.
const buildDir = ".build"

// runFunc makes a run, the first of which has the number 1, and writes what the benchmarks print.
type runFunc func(ctx context.Context, number int, step Step, out io.Writer) error

// runAll makes all runs and writes what they print to the partial files as it comes. In the end the
// files replace the snapshots. After an error the partial files stay if they have a result, and the
// snapshots stay as they were.
func (s Settings) runAll(
	ctx context.Context, sides []side, stderr io.Writer,
) (snaps []*snapshot.Snapshot, err error) {
	if s.config.Budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.config.Budget, errBudget)
		defer cancel()
	}
	p := newProgress(max(s.config.Budget, s.budget), stderr)
	err = s.runSchedule(ctx, sides, p)
	p.end()
	if errors.Is(err, errBudget) && p.results > 0 {
		err = nil
	}
	if err == nil && p.results == 0 {
		err = fmt.Errorf("no benchmark matches BENCH=%q", s.bench)
	}
	if err == nil {
		snaps, err = finish(sides)
	}
	if err != nil && p.results > 0 {
		err = fmt.Errorf("%w; what was measured until then is in %s", err, partialPaths(sides))
	}
	return snaps, err
}

// runSchedule makes the steps that the schedule chooses.
func (s Settings) runSchedule(ctx context.Context, sides []side, p *progress) error {
	partial := sides[0].partial
	for state := (State{Path: partial.path}); ; {
		step, ok := s.schedule(state)
		if !ok {
			return nil
		}
		state.Steps++
		err := runStep(ctx, sides, state.Steps, step, p)
		if err != nil && step.Optional && ctx.Err() == nil {
			err = partial.write("# " + step.Name + " failed: " + firstLine(err))
		}
		if err != nil {
			return err
		}
		state.Elapsed, state.Last = p.elapsed(), p.elapsed()-state.Elapsed
		state.Lasted = p.lasted
	}
}

// runStep makes a step for each side. Which side is first alternates.
func runStep(ctx context.Context, sides []side, number int, step Step, p *progress) error {
	order := slices.Clone(sides)
	if number%2 == 0 {
		slices.Reverse(order)
	}
	for i, side := range order {
		turn := step
		turn.After = step.After*len(sides) + len(sides) - 1 - i
		if side.name != "" {
			turn.Name += " " + side.name
		}
		p.begin(turn)
		if err := copyOutput(ctx, side.run, number, step, side.partial, p); err != nil {
			return err
		}
	}
	return nil
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
	driver := s.driver
	if s.config.OwnDriver {
		driver = ""
	}
	for _, f := range []struct{ flag, value string }{
		{"-test.bench", s.bench}, {"-axes", s.axes}, {"-round", s.round},
		{"-driver", driver}, {"-sql", s.sql},
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
