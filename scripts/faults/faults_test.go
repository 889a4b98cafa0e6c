package main

import (
	"os"
	"strings"
	"testing"

	"busybench/scripts/golden"
	"busybench/scripts/passes"
	"busybench/scripts/snapshot"
)

// The sample has two passes over a journal mode that loses nothing and one that does.
func TestReport(t *testing.T) {
	path := golden.Copied(t, "testdata/sample.txt", "sample.txt")
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := answer(&out, passes.Made{Snapshot: s}); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(snapshot.Beside(path, "report.txt"))
	if err != nil || !strings.HasSuffix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	golden.Check(t, "report.golden", string(stored))
}
