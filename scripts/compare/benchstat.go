package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// load reads the benchmarks asked for, and refuses rows with too few samples: benchstat itself
// exits with 0 over a missing file, a filter that matches nothing, or an interval it cannot give.
func load(path, bench string) (*snapshot.Snapshot, error) {
	s, err := snapshot.Read(path)
	if err != nil {
		return nil, err
	}
	if err := s.Select(bench); err != nil {
		return nil, err
	}
	for _, row := range s.Rows() {
		if n := len(row.Results); n < snapshot.MinSamples {
			return nil, fmt.Errorf("%s has %d samples of %s; comparing wants %d or more: make bench COUNT=10",
				path, n, row.Name, snapshot.MinSamples)
		}
	}
	return s, nil
}

// benchstat runs the benchstat that go.mod pins. Anything it says on standard error is a failure.
func benchstat(args ...string) (string, error) {
	cmd := exec.Command("go", append([]string{"tool", "benchstat"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if said := strings.TrimSpace(stderr.String()); said != "" {
		return "", fmt.Errorf("benchstat: %s", said)
	}
	if err != nil {
		return "", fmt.Errorf("benchstat: %w", err)
	}
	if stdout.Len() == 0 {
		return "", errors.New("benchstat printed nothing")
	}
	return stdout.String(), nil
}

// store prints a table and writes it into a file, whole or not at all.
func store(stdout io.Writer, path, text string) error {
	if _, err := fmt.Fprintf(stdout, "%s\n", text); err != nil {
		return err
	}
	if err := snapshot.WriteWhole(path, text); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "# stored in %s\n\n", path)
	return err
}
