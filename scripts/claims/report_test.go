package main

import (
	"os"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
)

func TestMain(m *testing.M) { benchtest.Main(m) }

func TestWhatIsPrintedFitsOnATerminal(t *testing.T) {
	all := readAll(t)
	judged, err := all.judge(committed)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range all.Claims {
		ids = append(ids, c.ID)
	}
	var out strings.Builder
	if err := writeVerdicts(&out, judged, ids); err != nil {
		t.Fatal(err)
	}
	if err := writeSummary(&out, all, judged); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if !strings.Contains(line, "AXES") && !strings.Contains(line, "://") {
			benchtest.RequireWidth(t, line)
		}
	}
}

// It makes the snapshot of a claim as make bench does. One run decides nothing.
func TestMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for seconds")
	}
	t.Setenv(runner.BinaryVariable, benchtest.Binary(t))
	t.Chdir(t.TempDir())
	if err := os.Mkdir("results", 0o755); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(t.Context(), &out, golden.Getenv("ID", "C76", "COUNT", "1", "DIR", "."))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "here: undecided") {
		t.Errorf("it prints\n%s", &out)
	}
	text, err := os.ReadFile("results/claims-immediate.txt")
	if err != nil || !strings.HasPrefix(string(text), "# make bench BENCH='Sustained'") ||
		!strings.Contains(string(text), "COUNT='1' LABEL='claims-immediate'") {
		t.Errorf("the snapshot begins with %.200s, %v", text, err)
	}
	document, err := os.ReadFile(resultFile)
	if err != nil || !strings.Contains(string(document), "| **undecided** |") {
		t.Errorf("the document has %.200s, %v", document, err)
	}
}
