// Bench makes a result snapshot: it builds one test binary, runs it COUNT times over, and writes
// results/LABEL.txt, whole or not at all. Passes follow each other (A B C, A B C, ...) rather
// than repetitions of one benchmark (A A, B B, ...), so that a disk or a neighbour that changes
// meanwhile touches all benchmarks alike.
//
// It is what "make bench" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	BENCH  which benchmarks, a regular expression (default ".")
//	AXES   what to run, for -axes (default: the default matrix)
//	COUNT  passes (default 10)
//	LABEL  name of the snapshot (default "latest")
//	DIR    directory on the disk to measure (default: the current one)
//	ROUND  length of a sustained round (default 1s)
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"busybench/scripts/snapshot"
)

func main() {
	// The kernel ends the test binary with the thread that started it: this one, so that it must
	// last as long as the process.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr, os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run makes the snapshot. The table goes to stdout, progress to stderr.
func run(ctx context.Context, stdout, stderr io.Writer, getenv func(string) string) error {
	s, err := readSettings(getenv)
	if err != nil {
		return err
	}
	binary, err := build(stderr)
	if err != nil {
		return err
	}
	pass := func(ctx context.Context, out io.Writer) error { return s.pass(ctx, binary, out) }
	if err := s.passes(ctx, pass, stderr); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s is written. Compare with: make compare LABEL=%s\n\n", s.path, snapshot.LabelOf(s.path))
	snap, err := snapshot.Read(s.path)
	if err != nil {
		return err
	}
	return writeTable(stdout, snap)
}

// build compiles the benchmarks once, for all passes.
func build(stderr io.Writer) (binary string, err error) {
	binary, err = filepath.Abs(filepath.Join(".build", "busybench"))
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "test", "-c", "-o", binary, "./bench")
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build the benchmarks: %w", err)
	}
	return binary, nil
}
