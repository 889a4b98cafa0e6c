package snapshot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T) *Snapshot {
	t.Helper()
	s, err := Read("../../testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReadGroupsRows(t *testing.T) {
	s := read(t)
	rows := s.Rows()
	if len(rows) != 12 {
		t.Errorf("%d rows, want 8 of Burst and 4 of Ceiling", len(rows))
	}
	first := rows[0]
	if first.Name != "Burst/exec=goroutine/journal=delete/writers=1-2" || len(first.Results) != 6 {
		t.Errorf("first row is %s with %d samples", first.Name, len(first.Results))
	}
	if rate := first.Samples("inserts/s"); len(rate) != 6 || rate[0] != 669.4 {
		t.Errorf("inserts/s are %v", rate)
	}
	if p99 := first.Samples("p99-ns"); len(p99) != 6 || p99[0] < 0.0023 || p99[0] > 0.0024 {
		t.Errorf("p99 in seconds are %v", p99)
	}
	if got, want := first.Median("inserts/s"), slices.Sorted(slices.Values(first.Samples("inserts/s")))[2]; got != want || first.Median("none") != 0 {
		t.Errorf("the median of inserts/s is %v, want %v", got, want)
	}
	if got, want := s.Values("writers"), []string{"1", "8"}; !slices.Equal(got, want) {
		t.Errorf("writers are %v, want %v", got, want)
	}
	if s.Units.GetBetter("inserts/s") != 1 || s.Units.GetBetter("p99-ns") != -1 {
		t.Error("units have lost their directions")
	}
}

func TestSelect(t *testing.T) {
	s := read(t)
	if err := s.Select("^Ceiling$"); err != nil || len(s.Rows()) != 4 {
		t.Errorf("%d rows of Ceiling, %v", len(s.Rows()), err)
	}
	for pattern, want := range map[string]string{"Nothing": "it holds Burst, Ceiling", "(": `bad BENCH "("`} {
		if err := read(t).Select(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Select(%q): %v, want %s", pattern, err, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":   {"", "holds no benchmark results"},
		"header":  {"sqlite: 3.54.1\nPASS\n", "holds no benchmark results"},
		"foreign": {"\x7fELF\x00\x01", "holds no benchmark results"},
		"endless": {"BenchmarkBurst/exec=process-2 10 +Inf ns/op\n", "endless.txt:1: +Inf ns/op is no measurement"},
		"damaged": {"BenchmarkBurst/exec=process-2 10 12x ns/op\n", "damaged.txt:1: "},
	} {
		path := filepath.Join(t.TempDir(), name+".txt")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q", name, err, c.want)
		}
	}
	if _, err := Read("none.txt"); err == nil || !strings.Contains(err.Error(), "none.txt does not exist; make it with: make bench LABEL=none") {
		t.Errorf("missing: %v", err)
	}
	if _, err := Read("."); err == nil {
		t.Error("a directory is no snapshot")
	}
}

func TestPathOf(t *testing.T) {
	for name, want := range map[string]string{
		"default": "results/default.txt", "v1.2-x_y": "results/v1.2-x_y.txt", "a.txt": "a.txt", "some/where.txt": "some/where.txt",
	} {
		if got, err := Path(name); err != nil || got != want {
			t.Errorf("PathOf(%q) is %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "-x", ".hidden", "a b", "$(x)"} {
		if got, err := Path(name); err == nil {
			t.Errorf("PathOf(%q) is %q", name, got)
		}
	}
}
