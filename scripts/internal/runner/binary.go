package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"busybench/bench/lifetime"
	"busybench/bench/terminal"
)

// exitGrace is how long a process has to clean up after it gets a signal to exit, before it is
// killed.
const exitGrace = 30 * time.Second

// BinaryVariable is the environment variable that names a test binary of the benchmarks, by its
// absolute path, to be run instead of a new one. It spares tests the build.
const BinaryVariable = "BUSYBENCH_BINARY"

// buildFunc builds the benchmarks into a directory and returns the binary's path.
type buildFunc func(ctx context.Context, dir string, stderr io.Writer) (binary string, err error)

// build compiles the benchmarks once, for all runs, into the script's scratch directory: a build by
// another make in the same checkout cannot replace the binary between two runs.
func build(ctx context.Context, dir string, stderr io.Writer) (binary string, err error) {
	if binary := os.Getenv(BinaryVariable); binary != "" {
		return binary, nil
	}
	binary, err = filepath.Abs(filepath.Join(dir, "busybench"))
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./bench")
	cmd.Stdout, cmd.Stderr = stderr, stderr
	// The go command's temporary files go with that directory, however the build ends.
	cmd.Env = append(os.Environ(), "GOTMPDIR="+filepath.Dir(binary))
	// A group of its own, so that a signal reaches the compilers too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = exitGrace
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", interrupted(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("build the benchmarks: %w", err)
	}
	return binary, nil
}

// runOnce runs the test binary once.
func (s Settings) runOnce(
	ctx context.Context, binary string, args []string, out io.Writer,
) error {
	return Execute(ctx, exec.CommandContext(ctx, binary, args...), "the benchmarks", out)
}

// Execute runs a command that was made with [exec.CommandContext], and copies what it prints to
// out. When the context is canceled, or this process exits, the command gets SIGTERM and has to
// clean up. An error says that what, such as "the benchmarks", failed.
func Execute(ctx context.Context, cmd *exec.Cmd, what string, out io.Writer) error {
	text := &head{max: 8 << 10}
	var stderr io.Writer = text
	if terminal.Width(os.Stderr) > 0 {
		stderr = os.Stderr // slow benchmarks show their progress there, and errors
	}
	err := execute(ctx, cmd, out, stderr)
	if err == nil || errors.Is(err, errInterrupted) {
		return err
	}
	return failure(err, what, text.String())
}

// execute runs a command. Its error is errInterrupted or that of [exec.Cmd.Run].
func execute(ctx context.Context, cmd *exec.Cmd, stdout, stderr io.Writer) error {
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Env = append(cmd.Environ(), lifetime.ScriptVariable+"=1")
	cmd.Cancel = func() error {
		err := cmd.Process.Signal(syscall.SIGTERM)
		return cmp.Or(cmd.Process.Signal(syscall.SIGCONT), err) // it may have been stopped
	}
	cmd.WaitDelay = exitGrace
	// A group of its own, so that Ctrl-C on the terminal reaches it only through this process.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	err := cmd.Run()
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return err
}

// failure is the error of a command that printed a text to its standard error.
func failure(err error, what, stderr string) error {
	if text := withoutPrefix(stderr); text != "" {
		return fmt.Errorf("%s failed (%w): %s", what, err, text)
	}
	return fmt.Errorf("%s failed (%w)", what, err)
}

// interrupted is the error for a canceled context.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("%w: %w", errInterrupted, context.Cause(ctx))
}
