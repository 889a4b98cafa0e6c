package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// top returns pprof's table of a profile's functions, without the lines above it, which say when
// and where the profile was made. It is empty if nothing was sampled.
func top(ctx context.Context, path string, args ...string) (table string, err error) {
	args = append(append([]string{"tool", "pprof", "-top"}, args...), path)
	cmd := exec.CommandContext(ctx, "go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go passes it to pprof
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", errors.New("interrupted")
	}
	if err != nil {
		return "", fmt.Errorf("go tool pprof: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	_, table, _ = strings.Cut(stdout.String(), "\n      flat ")
	if strings.Count(table, "\n") < 2 {
		return "", nil // only the titles of the columns
	}
	return "      flat " + table, nil
}
