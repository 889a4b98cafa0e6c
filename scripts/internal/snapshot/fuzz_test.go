package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a file holds, it is rejected in one line, or its rows have exactly its results.
func FuzzRead(f *testing.F) {
	sample, err := os.ReadFile("../../testdata/sample.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(sample),
		"",
		"BenchmarkX 1 2 ns/op\n",
		"BenchmarkBurst/writers=1-2 10 12x ns/op\n",
		"key: value\nBenchmarkX/a=b/c 1 2 ns/op 3 %\n",
		"BenchmarkX 1 NaN ns/op\n",
		"BenchmarkX 1 +Inf inserts/s\nUnit inserts/s better=higher\n",
		"Unit x better=sideways\nBenchmarkX 1 1 x\n",
		"BenchmarkX\n",
		"\x7fELF\x00",
		"Benchmark/= 1 1 x",
		"Unit hold-% better=higher\nBenchmarkX 1 1 hold-% 2 lockheld-%\n",
		"key: a\nBenchmarkX 1 1 x\nkey: b\nBenchmarkX 1 1 x\n",
		"# " + strings.Repeat("x", 70_000) + "\nBenchmarkX 1 1 x\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(requireRead)
}

// requireRead requires that a text is rejected in one line, or that all of its results are in rows.
func requireRead(t *testing.T, text string) {
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Read(path)
	if err != nil {
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("more than one line: %q", err)
		}
		return
	}
	total := 0
	for _, row := range s.Rows() {
		total += len(row.Results)
		for _, value := range row.Results[0].Values {
			if len(row.Samples(value.Unit)) == 0 {
				t.Errorf("%s has no samples of %s", row.Name, value.Unit)
			}
			row.Median(value.Unit)
			Summary(row.Samples(value.Unit))
		}
		ExtraAxes(row.Results[0])
	}
	if total != len(s.Results) || total == 0 {
		t.Errorf("%d results in rows, %d in all", total, len(s.Results))
	}
}
