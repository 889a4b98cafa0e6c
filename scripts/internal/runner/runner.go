// Package passes makes result snapshots for the scripts: it builds one test binary, runs it COUNT times over, and
// writes results/LABEL.txt, whole or not at all. Passes follow each other (A B C, A B C, ...) rather
// than repetitions of one benchmark (A A, B B, ...), so that a disk or a neighbour that changes
// meanwhile touches all benchmarks alike.
package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"busybench/bench/terminal"
	"busybench/scripts/internal/snapshot"
)

// onePass makes a pass, of which the first has the number 1, and writes what the benchmarks print.
type runFunc func(ctx context.Context, number int, out io.Writer) error

// passes makes all passes and writes what they print, as it comes, into a file whose name says
// that it is partial, which gets the snapshot's name in the end. Where anything goes wrong the
// partial file stays if it holds a result, and the snapshot that was there before stays as it was.
func (s Settings) runAll(ctx context.Context, pass runFunc, stderr io.Writer) error {
	partial := snapshot.Sibling(s.path, "partial.txt")
	if err := os.MkdirAll(filepath.Dir(partial), 0o755); err != nil {
		return err
	}
	file, err := os.Create(partial)
	if err != nil {
		return err
	}
	defer file.Close()
	p := newProgress(s.count, stderr)
	fmt.Fprintf(file, "# %s\n# begun %s\n", s.command, time.Now().UTC().Format(time.RFC3339))
	for p.beginPass() {
		if err = copyOutput(ctx, pass, file, p); err != nil {
			break
		}
	}
	p.end()
	if err == nil && p.results == 0 {
		err = fmt.Errorf("no benchmark matches BENCH=%q", s.bench)
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil && p.results == 0 {
		return errors.Join(err, os.Remove(partial))
	}
	if err != nil {
		return fmt.Errorf("%w; what was measured until then is in %s", err, partial)
	}
	return os.Rename(partial, s.path)
}

// watch makes one pass and copies what it prints, line by line, to file and progress.
func copyOutput(ctx context.Context, pass runFunc, file io.Writer, p *progress) error {
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- pass(ctx, p.pass, write)
		write.Close()
	}()
	var failures []string
	lines := bufio.NewScanner(read)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.line(lines.Text())
		failures = appendFailure(failures, lines.Text())
		if _, err := fmt.Fprintln(file, lines.Text()); err != nil {
			read.CloseWithError(err) // the pass fails on its next line
		}
	}
	err := <-ended
	if err != nil && !errors.Is(err, errInterrupted) && len(failures) > 0 {
		err = fmt.Errorf("%w:\n%s", err, strings.Join(failures, "\n"))
	}
	return err
}

// appendFailure appends a line that reports a failed benchmark, or goes on to.
func appendFailure(failures []string, line string) []string {
	if _, failure, ok := strings.Cut(line, "--- FAIL: "); ok {
		return append(failures, failure)
	}
	if len(failures) > 0 && strings.HasPrefix(line, "    ") {
		return append(failures, line)
	}
	return failures
}

var errInterrupted = errors.New("interrupted")

// args are the test binary's arguments in a pass, of which the first is 1.
func (s Settings) args(scratch string, pass int) []string {
	args := []string{"-test.run", "^$", "-test.bench", s.bench, "-test.timeout", "0",
		"-axes", s.axes, "-dir", s.dir, "-round", s.round}
	if s.script.Flags != nil {
		args = append(args, s.script.Flags(scratch)...)
	}
	if s.script.Seeded {
		args = append(args, fmt.Sprintf("-seed=%d", s.seed+uint64(pass)-1))
	}
	return append(args, s.options...)
}

// pass runs the test binary once. An interrupt is handed on, and the binary cleans up for itself.
func (s Settings) runOnce(ctx context.Context, binary string, args []string, out io.Writer) error {
	cmd := exec.CommandContext(ctx, binary, args...)
	said := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = out, said
	if terminal.Width(os.Stderr) > 0 {
		// Benchmarks that take long tell there how far they are; what is wrong they tell there as well.
		cmd.Stderr = os.Stderr
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	// A group of its own, so that Ctrl-C on the terminal reaches it by way of this process only.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	err := cmd.Run()
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err != nil {
		return errors.New(strings.TrimSpace(fmt.Sprintf("the benchmarks failed (%v) %s", err, said)))
	}
	return nil
}
