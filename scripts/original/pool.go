package main

import (
	"context"
	_ "embed" // for pool.py
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"busybench/bench/scratch"
	"busybench/scripts/internal/runner"
)

//go:embed pool.py
var poolScript string

// runPool runs the suite's own method once.
func (o *original) runPool(ctx context.Context, out io.Writer) error {
	return runPool(ctx, o.python, o.dir, writers, out)
}

// runPool runs pool.py in a scratch directory of dir, which it removes in the end. When the context
// is canceled, or this process exits, all processes end.
func runPool(
	ctx context.Context, python, dir string, writers []int, out io.Writer,
) (err error) {
	work, err := scratch.NewWorkDir(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	args := []string{"-I", "-", work.Path} // -I ignores modules in the current directory
	for _, n := range writers {
		args = append(args, strconv.Itoa(n))
	}
	cmd := exec.CommandContext(ctx, python, args...)
	cmd.Stdin = strings.NewReader(poolScript)
	return runner.Execute(ctx, cmd, "the suite's method", out)
}
