package main

import (
	"os"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has a limit from three searches, one above the largest number tried, one below 1, and
// one that is not monotone.
func TestReport(t *testing.T) {
	path := golden.CopyFile(t, "testdata/sample.txt", "sample.txt")
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := report(t.Context(), &out, runner.Output{Snapshot: s}); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(snapshot.Sibling(path, "report.txt"))
	if err != nil || !strings.HasSuffix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	golden.Check(t, "report.golden", string(stored))
}
