package benchtest

import (
	"os"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// CheckReport makes a script's report on testdata/sample.txt. It checks that what is printed
// begins with what is stored, and compares that with testdata/report.golden.
func CheckReport(t *testing.T, report runner.Report) {
	t.Helper()
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
	if err != nil || !strings.HasPrefix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	golden.Check(t, "report.golden", string(stored))
}
