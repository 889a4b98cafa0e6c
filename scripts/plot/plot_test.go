package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

// given are settings of the environment.
func given(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

// pictures are the pictures beside a snapshot, by the rest of their names, and what they hold.
func pictures(t *testing.T, path string) map[string]string {
	t.Helper()
	held := map[string]string{}
	base := strings.TrimSuffix(path, "txt")
	files, err := filepath.Glob(base + "*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		held[strings.TrimSuffix(strings.TrimPrefix(file, base), ".svg")] = golden.SVGSummary(t, string(text))
	}
	return held
}

// The sample has a burst and ceilings: three pictures.
func TestPlot(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	var out strings.Builder
	if err := run(&out, given(map[string]string{"LABEL": path})); err != nil {
		t.Fatal(err)
	}
	all := pictures(t, path)
	if n := strings.Count(out.String(), " is written"); len(all) != 3 || n != 3 {
		t.Errorf("%d pictures, said\n%s", len(all), &out)
	}
	for name, holds := range all {
		golden.Check(t, name+".golden", holds)
	}
}

// What else varies gets a panel each, and few passes get no intervals.
func TestPanels(t *testing.T) {
	path := golden.CopyFile(t, "testdata/panels.txt", "panels.txt")
	if err := run(&strings.Builder{}, given(map[string]string{"LABEL": path})); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "panels.golden", pictures(t, path)["burst.inserts"])
}

// A second snapshot is drawn over the first.
func TestOverlay(t *testing.T) {
	old, new := golden.CopyFile(t, "../testdata/sample.txt", "before.txt"), golden.CopyFile(t, "../testdata/sample.txt", "after.txt")
	if err := run(&strings.Builder{}, given(map[string]string{"OLD": old, "NEW": new})); err != nil {
		t.Fatal(err)
	}
	all := pictures(t, new)
	if len(all) != 3 || len(pictures(t, old)) != 0 {
		t.Errorf("pictures are %v", all)
	}
	golden.Check(t, "overlay.golden", all["vs-before.burst.p99"])
}

func TestPlotRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sample := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	for _, c := range []struct {
		settings map[string]string
		says     []string
	}{
		{map[string]string{"LABEL": filepath.Join(dir, "none.txt")}, []string{"none.txt does not exist", "make bench"}},
		{map[string]string{"LABEL": file("empty.txt", "")}, []string{"empty.txt", "holds no benchmark results"}},
		{map[string]string{"LABEL": file("binary.txt", "\x7fELF\x00\x01\n\x00")}, []string{"binary.txt", "holds no benchmark results"}},
		{map[string]string{"LABEL": file("damaged.txt", "BenchmarkBurst/writers=1-2 10 12x ns/op\n")}, []string{"damaged.txt:1", "make bench"}},
		{map[string]string{"LABEL": file("foreign.txt", "BenchmarkFib-8 100 5 ns/op\n")}, []string{"foreign.txt", "it holds Fib"}},
		{map[string]string{"LABEL": file("namesake.txt", "BenchmarkBurst/writers=many/exec=x/journal=wal-8 100 5 ns/op\nBenchmarkBurst-8 3 4 inserts/s\n")}, []string{"namesake.txt", "writers=N"}},
		{map[string]string{"LABEL": dir}, []string{dir}},
		{map[string]string{"LABEL": "a b"}, []string{`"a b"`, "letters"}},
		{map[string]string{"LABEL": sample, "BENCH": "("}, []string{`bad BENCH "("`}},
		{map[string]string{"LABEL": sample, "BENCH": "Limit"}, []string{"Limit", "it holds Burst, Ceiling"}},
		{map[string]string{"OLD": sample}, []string{"OLD and NEW go together"}},
		{map[string]string{"OLD": sample, "NEW": sample, "LABEL": sample}, []string{"give either"}},
		{map[string]string{"OLD": filepath.Join(dir, "none.txt"), "NEW": sample}, []string{"none.txt does not exist"}},
	} {
		err := run(&strings.Builder{}, given(c.settings))
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v, want one line", c.settings, err)
			continue
		}
		for _, want := range c.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %q does not say %q", c.settings, err, want)
			}
		}
	}
	if all, _ := filepath.Glob(filepath.Join(dir, "*.svg*")); all != nil {
		t.Errorf("left behind: %v", all)
	}
}

// The committed pictures hold what the committed snapshots do.
func TestCommittedPicturesAreCurrent(t *testing.T) {
	committed, err := filepath.Glob("../../results/*.inserts.svg")
	if err != nil || len(committed) == 0 {
		t.Fatalf("pictures are %v, %v", committed, err)
	}
	drawn := map[string]bool{}
	for _, picture := range committed {
		label, _, _ := strings.Cut(filepath.Base(picture), ".")
		if drawn[label] {
			continue
		}
		drawn[label] = true
		original := filepath.Join("../../results", label+".txt")
		path := golden.CopyFile(t, original, label+".txt")
		if err := run(&strings.Builder{}, given(map[string]string{"LABEL": path})); err != nil {
			t.Fatal(err)
		}
		for name, holds := range pictures(t, path) {
			if pictures(t, original)[name] != holds {
				t.Errorf("results/%s.%s.svg is not what make plot LABEL=%s draws", label, name, label)
			}
		}
	}
}
