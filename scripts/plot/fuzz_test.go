package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

// Whatever a snapshot holds, it is rejected in one line and leaves nothing, or its pictures are
// well-formed.
func FuzzPlot(f *testing.F) {
	for _, file := range []string{
		"../testdata/sample.txt", "testdata/panels.txt", "testdata/policies.txt",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	const name = "BenchmarkBurst/exec=process/journal=wal/writers="
	for _, seed := range []string{
		name + "1 1 5 inserts/s\n",
		name + "1 1 0 inserts/s 0 p99-ns\n",
		name + "1 1 NaN inserts/s\n",
		name + "1 1 +Inf inserts/s\n",
		name + "1 1 -5 inserts/s -1 lockerr-%\n",
		name + "1 1 1e300 inserts/s 1e-300 p99-ns\n",
		name + "999999999999 1 1 inserts/s\n" + name + "1 1 1 inserts/s\n",
		name + "0 1 1 inserts/s\n",
		strings.Repeat(name+"7/busy=\"<&>'\" 1 5 inserts/s\n", 7),
		"BenchmarkBurst/exec=x/journal=y/writers=3 1 5 inserts/s\n",
		name + "1/busy=a 1 5 inserts/s\n" + name + "1/busy=" + strings.Repeat("W", 500) +
			" 1 1.7e308 inserts/s\n",
		"BenchmarkBurst/busy=a 1 5 inserts/s\nBenchmarkBurst/busy=b 1 5 inserts/s\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		path := filepath.Join(dir, "x.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, by := range []string{"", "busy"} {
			err := run(t.Context(), &strings.Builder{}, golden.Getenv("LABEL", path, "BY", by))
			files, _ := filepath.Glob(filepath.Join(dir, "*.svg*"))
			if err != nil && (strings.Contains(err.Error(), "\n") || len(files) > 0) {
				t.Errorf("%q leaves %v", err, files)
			}
			for _, file := range files {
				svg, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				golden.SVGSummary(t, string(svg))
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
