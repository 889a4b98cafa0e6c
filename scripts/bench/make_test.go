package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What is given to make reaches the benchmarks letter by letter: neither make nor a shell takes any of it for a command.
func TestMakeHandsSettingsOnAsTheyAre(t *testing.T) {
	base := t.TempDir()
	hello := filepath.Join(base, "hello")
	dir := base + "/$(shell touch " + hello + ") `touch " + hello + "` $x 'q' \"Q\" ;"
	cmd := exec.Command("make", "bench", "DIR="+dir, "BENCH=^BenchmarkCeiling$", "COUNT=1", "LABEL="+filepath.Join(base, "x.txt"))
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	if quoted := strings.ReplaceAll(dir, `"`, `\"`); err == nil || !strings.Contains(string(out), "-dir: \""+quoted+"\" does not exist") {
		t.Errorf("ended with %v: %s", err, out)
	}
	if _, err := os.Stat(hello); !os.IsNotExist(err) {
		t.Error("a command was run")
	}
}
