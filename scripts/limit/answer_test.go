package main

import (
	"os"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has a limit searched for three times, one beyond what was tried, none at all, and one
// that is not monotone.
func TestAnswers(t *testing.T) {
	path := golden.CopyFile(t, "testdata/sample.txt", "sample.txt")
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := answer(&out, runner.Run{Snapshot: s}); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(strings.TrimSuffix(path, ".txt") + ".answers.txt")
	if err != nil || !strings.HasSuffix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	golden.Check(t, "answers.golden", string(stored))
}
