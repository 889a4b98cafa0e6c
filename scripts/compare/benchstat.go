package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"

	"busybench/scripts/internal/snapshot"
)

// load reads the selected benchmarks of a snapshot, and rejects rows with too few samples:
// benchstat itself exits with 0 if a filter matches nothing or if it cannot compute an interval.
func load(path, bench string) (*snapshot.Snapshot, error) {
	s, err := snapshot.Read(path)
	if err != nil {
		return nil, err
	}
	if err := s.Select(bench); err != nil {
		return nil, err
	}
	return s, s.CheckSamples()
}

// benchstat runs the benchstat that go.mod pins over results that it reads from standard input.
// Any output on standard error is a failure.
func benchstat(ctx context.Context, input io.Reader, args ...string) (string, error) {
	args = append(append([]string{"tool", "benchstat"}, args...), "-")
	cmd := exec.CommandContext(ctx, "go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input, &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go ends its children
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", errors.New("interrupted")
	}
	if text := strings.TrimSpace(stderr.String()); text != "" {
		return "", fmt.Errorf("benchstat: %s", strings.ReplaceAll(text, "\n", "; "))
	}
	if err != nil {
		return "", fmt.Errorf("benchstat: %w", err)
	}
	if stdout.Len() == 0 {
		return "", errors.New("benchstat printed nothing")
	}
	return stdout.String(), nil
}

// input collects results for benchstat. It writes them anew, rather than naming the files, so that
// benchstat sees only what is selected, under the present names of units, and splits no file name
// that has a "=" in it.
type input struct {
	bytes.Buffer
	out *benchfmt.Writer
}

func newInput(snapshots ...*snapshot.Snapshot) *input {
	in := &input{}
	in.out = benchfmt.NewWriter(&in.Buffer)
	units := benchfmt.UnitMetadataMap{}
	for _, s := range snapshots {
		maps.Copy(units, s.Units)
	}
	byKey := func(a, b benchfmt.UnitMetadataKey) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Key, b.Key))
	}
	for _, key := range slices.SortedFunc(maps.Keys(units), byKey) {
		in.write(units[key])
	}
	return in
}

// write adds a result or a unit. Neither can fail: the writer knows both, and the buffer grows.
func (in *input) write(record benchfmt.Record) {
	if err := in.out.Write(record); err != nil {
		panic(err)
	}
}
