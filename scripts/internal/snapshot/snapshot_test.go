package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/metrics"
)

func readSample(t *testing.T) *Snapshot {
	t.Helper()
	s, err := Read("../../testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// writeFile writes a result file into a fresh directory.
func writeFile(t *testing.T, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readText reads a result file with a text.
func readText(t *testing.T, text string) *Snapshot {
	t.Helper()
	s, err := Read(writeFile(t, "x.txt", text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkOneLine fails the test if err is not one line with a text in it.
func checkOneLine(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, want one line with %q", err, want)
	}
}

func TestReadGroupsSamplesByName(t *testing.T) {
	s := readSample(t)
	rows := s.Rows()
	if len(rows) != 12 {
		t.Errorf("%d rows, want 8 of Burst and 4 of Ceiling", len(rows))
	}
	first := rows[0]
	name := "Burst/exec=goroutine/journal=delete/writers=1-2"
	if first.Name != name || len(first.Results) != 6 {
		t.Errorf("first row is %s with %d samples", first.Name, len(first.Results))
	}
	if rate := first.Samples(metrics.InsertsPerSecond); len(rate) != 6 || rate[0] != 669.4 {
		t.Errorf("inserts/s are %v", rate)
	}
	p99 := first.Samples(metrics.P99)
	if len(p99) != 6 || p99[0] < 0.0023 || p99[0] > 0.0024 {
		t.Errorf("p99 in seconds are %v", p99)
	}
	if got, want := s.Values("writers"), []string{"1", "8"}; !slices.Equal(got, want) {
		t.Errorf("writers are %v, want %v", got, want)
	}
	if s.Units.GetBetter(metrics.InsertsPerSecond) != 1 || s.Units.GetBetter(metrics.P99) != -1 {
		t.Error("units have lost their directions")
	}
}

func TestMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo(t *testing.T) {
	first := readSample(t).Rows()[0]
	sorted := slices.Sorted(slices.Values(first.Samples(metrics.InsertsPerSecond)))
	want := (sorted[2] + sorted[3]) / 2
	if got := first.Median(metrics.InsertsPerSecond); got != want {
		t.Errorf("the median of inserts/s is %v, want %v", got, want)
	}
	if got := first.Median("none"); got != 0 {
		t.Errorf("the median of no samples is %v, want 0", got)
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		bench string
		rows  int
	}{
		{".", 12},
		{"", 12},
		{"^Ceiling$", 4},
		{"^BenchmarkCeiling$", 4},
		{"Burst|Ceiling", 12},
		{"(Burst|Ceiling)/exec=process", 4},
		{"Burst/exec=process", 4},
		{"Burst/exec=process/journal=(wal|delete)/writers=8", 2},
		{"Burst/exec=process/./writers=[/|8]", 2},
		{"Nothing|Burst/process", 4},
	} {
		t.Run(c.bench, func(t *testing.T) {
			s := readSample(t)
			if err := s.Select(c.bench); err != nil || len(s.Rows()) != c.rows {
				t.Errorf("%d rows, %v, want %d", len(s.Rows()), err, c.rows)
			}
		})
	}
}

func TestSelectRejects(t *testing.T) {
	for bench, want := range map[string]string{
		"Nothing":                    "it holds Burst, Ceiling",
		"Ceiling/./././.":            "it holds Burst, Ceiling", // more parts than any name has
		"(":                          `bad BENCH "(": missing closing )`,
		"Burst/(":                    `bad BENCH "Burst/(": missing closing )`,
		"Burst\n/exec=process[/":     "bad BENCH",
		"Burst/exec=process/[":       "missing closing ]",
		"^Burst$/exec=thread|Missin": "it holds Burst, Ceiling",
	} {
		t.Run(bench, func(t *testing.T) {
			checkOneLine(t, readSample(t).Select(bench), want)
		})
	}
}

func TestReadRejects(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	for name, c := range map[string]struct{ text, want string }{
		"empty":   {"", "holds no benchmark results"},
		"header":  {"sqlite: 3.54.1\nPASS\n", "holds no benchmark results"},
		"foreign": {"\x7fELF\x00\x01", "holds no benchmark results"},
		"endless": {"BenchmarkBurst/exec=process-2 10 +Inf ns/op\n",
			"endless.txt:1: +Inf ns/op is no measurement"},
		"damaged": {"BenchmarkBurst/exec=process-2 10 12x ns/op\n", "damaged.txt:1: "},
		"long": {"sqlite: 3\n# " + long + "\nBenchmarkX 1 2 " + long + "\n",
			"long.txt:3: a result line is longer than 65535 bytes"},
		"late": {"# " + long + "\n\nBenchmarkX 1 2x ns/op\n", "late.txt:3: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(writeFile(t, name+".txt", c.text))
			checkOneLine(t, err, c.want)
		})
	}
	t.Run("missing", func(t *testing.T) {
		_, err := Read("none.txt")
		checkOneLine(t, err, "none.txt does not exist; make it with: make bench LABEL=none")
	})
	t.Run("interrupted", func(t *testing.T) {
		path := writeFile(t, "cut.partial.txt", "")
		_, err := Read(filepath.Join(filepath.Dir(path), "cut.txt"))
		checkOneLine(t, err, "; what an interrupted run measured is LABEL=cut.partial")
	})
	t.Run("directory", func(t *testing.T) {
		_, err := Read(".")
		checkOneLine(t, err, "is a directory")
	})
}

// benchfmt by itself reads no line over 64 KiB.
func TestLongLinesThatAreNoResultsAreRead(t *testing.T) {
	for _, n := range []int{65_533, 65_534, 65_535, 65_536, 65_537, 200_000, 3 << 20} {
		for name, begin := range map[string]string{
			"comment": "# ",
			"header":  "goenv: ",
			"other":   "    ",
		} {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				long := begin + strings.Repeat("x", n-len(begin))
				const result = "BenchmarkX 1 2 ns/op\n"
				for _, text := range []string{long + "\n" + result, result + long} {
					if s := readText(t, text); len(s.Results) != 1 {
						t.Errorf("%d results, want 1", len(s.Results))
					}
				}
			})
		}
	}
}

func TestAResultLineOfTheGreatestLengthIsRead(t *testing.T) {
	const end = " 1 2 ns/op"
	line := "Benchmark" + strings.Repeat("x", MaxLine-len("Benchmark"+end)) + end
	if s := readText(t, line+"\n"); len(s.Results) != 1 {
		t.Errorf("%d results, want 1", len(s.Results))
	}
}

// Older snapshots have hold-% for lockheld-%.
func TestFormerUnitNamesAreReadAsPresentOnes(t *testing.T) {
	s := readText(t, "Unit hold-% better=higher\nBenchmarkX/hold-%=1 1 2 ns/op 93 hold-%\n")
	row := s.Rows()[0]
	if got := row.Samples(metrics.LockHeldPercent); !slices.Equal(got, []float64{93}) {
		t.Errorf("lockheld-%% is %v, want 93", got)
	}
	if got := row.Samples("hold-%"); got != nil {
		t.Errorf("hold-%% is %v, want none", got)
	}
	if s.Units.GetBetter(metrics.LockHeldPercent) != 1 {
		t.Error("lockheld-% has lost its direction")
	}
	if row.Name != "X/hold-%=1" {
		t.Errorf("the name has become %s", row.Name)
	}
}

func TestRevisionsAreRead(t *testing.T) {
	s := readText(t, "# revision abc1234\n# revisions x\n# revision abc1234\n"+
		"# revision def-dirty\nBenchmarkX 1 2 ns/op\n")
	if diff := cmp.Diff([]string{"abc1234", "def-dirty"}, s.Revisions); diff != "" {
		t.Error(diff)
	}
}

func TestSamplesUnderDifferentHeadersAreSeparateRows(t *testing.T) {
	const result = "BenchmarkX/writers=1 1 2 ns/op\n"
	s := readText(t, "go: 1\ncores: 2\n"+result+"go: 2\n"+result+"go: 1\n"+result)
	rows := s.Rows()
	if len(rows) != 2 || len(rows[0].Results) != 2 || len(rows[1].Results) != 1 {
		t.Errorf("rows are %v", rows)
	}
	checkOneLine(t, s.CheckHeaders(), `different header lines (go: "1", then "2")`)
	if err := readSample(t).CheckHeaders(); err != nil {
		t.Error(err)
	}
}

// In the second run, the header line of the first run's second benchmark is still in effect.
func TestAHeaderLineOfAnAxisInTheNameDoesNotApply(t *testing.T) {
	const run = "BenchmarkX/conn=fresh 1 2 ns/op\nconn: held\nBenchmarkY 1 2 ns/op\n"
	s := readText(t, run+run)
	if err := s.CheckHeaders(); err != nil {
		t.Error(err)
	}
	rows := s.Rows()
	if len(rows) != 2 {
		t.Fatalf("rows are %v", rows)
	}
	for i, want := range []string{"", "held"} {
		t.Run(rows[i].Name, func(t *testing.T) {
			if got := rows[i].Results[0].GetConfig("conn"); got != want {
				t.Errorf("conn is %q in the header, want %q", got, want)
			}
		})
	}
}

func TestDifferences(t *testing.T) {
	older := readText(t, "go: 1\nround: 1s\nkernel: a\nBenchmarkX 1 2 ns/op\n")
	for _, c := range []struct {
		name, text  string
		differences []Difference
		warnings    []string
	}{
		{"none", "go: 1\nround: 1s\nkernel: a\nBenchmarkX 1 2 ns/op\n",
			nil, nil},
		{"a setting", "go: 1\nround: 2s\nkernel: a\nBenchmarkX 1 2 ns/op\n",
			[]Difference{{"round", "1s", "2s"}}, nil},
		{"the environment", "go: 1\nround: 1s\nkernel: b\ngoenv: GOGC=1\nBenchmarkX 1 2 ns/op\n",
			[]Difference{{"kernel", "a", "b"}, {"goenv", "", "GOGC=1"}},
			[]string{
				`the snapshots differ in kernel: "a", then "b"`,
				`the snapshots differ in goenv: "", then "GOGC=1"`,
			}},
		{"an SQL file", "sql: a.sql sha256:1\ngo: 1\nround: 1s\nkernel: a\nBenchmarkX 1 2 ns/op\n",
			[]Difference{{"sql", "", "a.sql sha256:1"}},
			[]string{`the snapshots differ in sql: "", then "a.sql sha256:1"`}},
		{"no name in common", "go: 2\nround: 1s\nkernel: a\nBenchmarkY 1 2 ns/op\n",
			[]Difference{{"go", "1", "2"}}, []string{`the snapshots differ in go: "1", then "2"`}},
		{"only of a name that one has",
			"go: 2\nround: 1s\nkernel: a\nBenchmarkY 1 2 ns/op\ngo: 1\nBenchmarkX 1 2 ns/op\n",
			nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			newer := readText(t, c.text)
			if diff := cmp.Diff(c.differences, Differences(older, newer)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.warnings, Warnings(older, newer)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
