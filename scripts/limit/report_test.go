package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has a limit from three searches, of which one found none that failed; one above the
// largest number tried; one below 1; one that is not monotone; and one that was cut short.
func TestReport(t *testing.T) { benchtest.CheckReport(t, report) }

func TestReportWithoutProbesIsRejected(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bare.txt")
	text := "limit: 5 bursts, up to 8 writers\nBenchmarkLimit/exec=process-2 1 7 writers\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	err = report(t.Context(), io.Discard, runner.Output{Snapshot: s})
	want := "bare.txt has 1 result of BenchmarkLimit/exec=process, but comments on 0; "
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v", err)
	}
}
