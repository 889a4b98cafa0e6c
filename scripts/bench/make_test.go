package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/runner"
)

// Neither make nor a shell interprets anything in a setting.
func TestMakePassesSettingsUnchanged(t *testing.T) {
	for _, where := range []string{"on the command line", "in the environment"} {
		t.Run(where, func(t *testing.T) {
			base := t.TempDir()
			hello := filepath.Join(base, "hello")
			dir := base + "/$(shell touch " + hello + ") `touch " + hello + "` $x 'q' \"Q\" ;"
			settings := []string{"DIR=" + dir, "BENCH=^BenchmarkCeiling$", "COUNT=1",
				"LABEL=" + filepath.Join(base, "x.txt")}
			cmd := benchtest.Command("make", "build="+base, "bench")
			cmd.Dir = "../.."
			cmd.Env = append(os.Environ(), runner.BinaryVariable+"="+benchtest.Binary(t))
			if where == "in the environment" {
				cmd.Env = append(cmd.Env, settings...)
			} else {
				cmd.Args = append(cmd.Args, settings...)
			}
			out, err := cmd.CombinedOutput()
			want := "DIR: \"" + strings.ReplaceAll(dir, `"`, `\"`) + "\" does not exist"
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("ended with %v: %s", err, out)
			}
			if _, err := os.Stat(hello); !os.IsNotExist(err) {
				t.Error("a command was executed")
			}
		})
	}
}
