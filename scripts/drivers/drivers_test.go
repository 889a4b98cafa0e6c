package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/scripts/internal/driverbuild"
)

// Without any tool, there is one line for each driver and no error.
func TestAMachineWithoutToolsIsNoError(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CC", "")
	b, err := driverbuild.New("../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := buildAll(t.Context(), b, &out); err != nil {
		t.Error(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	names := driverbuild.Names()
	if len(lines) != len(names) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(names), &out)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, names[i]+" ") ||
			!strings.Contains(line, " not built: it needs ") ||
			utf8.RuneCountInString(line) > format.Columns {
			t.Errorf("line of %s is %q", names[i], line)
		}
	}
}

func TestADriverThatIsBuiltIsDescribed(t *testing.T) {
	b, err := driverbuild.New("../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := build(t.Context(), b, "python")
	if err == nil && strings.HasPrefix(text, "not built: ") {
		t.Skip("python: ", text)
	}
	if err != nil || !strings.HasPrefix(text, "sqlite3 of Python 3.") ||
		!strings.Contains(text, ", SQLite 3.") {
		t.Errorf("is %q, %v", text, err)
	}
}
