package runner

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

	"busybench/bench/scratch"
	"busybench/scripts/internal/snapshot"
)

// Main is the main function of a script: it reads the environment, makes the snapshot, and has answer
// write what it says. Progress goes to standard error.
func Main(name string, script Config, answer Report) {
	// The kernel ends the test binary with the thread that started it: this one, so that it must
	// last as long as the process.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	s, err := script.Read(os.Getenv)
	if err == nil {
		err = s.run(ctx, os.Stdout, os.Stderr, answer)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// run makes the snapshot. The answer goes to stdout, progress to stderr.
func (s Settings) run(ctx context.Context, stdout, stderr io.Writer, answer Report) error {
	binary, err := build(stderr)
	if err != nil {
		return err
	}
	scratch, err := scratch.NewWorkDir(filepath.Dir(binary))
	if err != nil {
		return err
	}
	defer scratch.Remove()
	pass := func(ctx context.Context, number int, out io.Writer) error {
		return s.runOnce(ctx, binary, s.args(scratch.Path, number), out)
	}
	if err := s.runAll(ctx, pass, stderr); err != nil {
		return err
	}
	snap, err := snapshot.Read(s.path)
	if err != nil {
		return err
	}
	return answer(stdout, Run{snap, scratch.Path})
}

// BinaryVariable is the environment variable that names a test binary of the benchmarks, by its
// absolute path, to be run instead of a new one. It spares tests the build.
const BinaryVariable = "BUSYBENCH_BINARY"

// build compiles the benchmarks once, for all passes.
func build(stderr io.Writer) (binary string, err error) {
	if binary := os.Getenv(BinaryVariable); binary != "" {
		return binary, nil
	}
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
