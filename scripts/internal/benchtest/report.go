package benchtest

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// CheckReport makes a script's report on testdata/sample.txt. It checks that what is printed
// begins with what is stored, that this fits on a terminal, and that it is testdata/report.golden.
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
	RequireWidth(t, string(stored))
	golden.Check(t, "report.golden", string(stored))
}

// RequireWidth fails the test if a line of a text is longer than the 80 columns of a terminal.
func RequireWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
}
