package drivers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandsOfDriversAreSplitLikeAShell(t *testing.T) {
	c := Commands{}
	if err := c.Add(`mine=env A='b c' "/path with spaces/writer" -x`); err != nil {
		t.Fatal(err)
	}
	got, err := c.Find("mine")
	if err != nil || strings.Join(got, "|") != "env|A=b c|/path with spaces/writer|-x" {
		t.Errorf("words are %q, %v", got, err)
	}
}

func TestAMisspeltDriverGetsAQuestion(t *testing.T) {
	t.Chdir(t.TempDir()) // where nothing is built
	for name, want := range map[string]string{
		"pyton": "driver pyton has no command (did you mean python?); give -driver pyton=",
		"mien":  "driver mien has no command (did you mean mine?); give -driver mien=",
		"other": "driver other has no command; give -driver other=COMMAND",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Commands{"mine": {"true"}}.Find(name)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
}

// Without a command, a driver of the project is the program that make drivers has built.
func TestBuiltNeedNoCommand(t *testing.T) {
	top := t.TempDir()
	t.Chdir(top)
	if _, err := (Commands{}).Find("python"); err == nil ||
		!strings.Contains(err.Error(), "run make drivers") {
		t.Errorf("error is %v", err)
	}
	built := filepath.Join(top, Built, "python")
	if err := os.MkdirAll(filepath.Dir(built), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(built, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("bench", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{".", "bench"} { // make, and go test
		t.Chdir(filepath.Join(top, dir))
		if got, err := (Commands{}).Find("python"); err != nil || len(got) != 1 || got[0] != built {
			t.Errorf("in %s it is %q, %v; want %s", dir, got, err, built)
		}
	}
}
