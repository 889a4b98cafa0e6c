package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// row writes a number of results of a row, with rates that go up from 100 by a step.
func row(text *strings.Builder, name string, runs, step int) {
	for i := range runs {
		fmt.Fprintf(text, "Benchmark%s-2 1 %d inserts/s\n", name, 100+step*i)
	}
}

func TestReportNamesThePrecision(t *testing.T) {
	// Of 100, 110 and so on to 150, the median is 125, and the interval is all of them: ±20%.
	// Of 100 to 105 it is ±2.4 %.
	for name, c := range map[string]struct {
		runs int // of the first row; the second has six
		want string
	}{
		"six runs each": {6, "Precision: the median row's rate is known to ±11%, " +
			"the worst to ±20% (Burst writers=8)."},
		"unequal numbers": {9, "Precision: "},
		"too few runs":    {5, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var text, out strings.Builder
			row(&text, "Burst/writers=8", c.runs, 10)
			row(&text, "Burst/writers=64", 6, 1)
			s := read(t, text.String())
			if err := report(t.Context(), &out, runner.Output{Snapshot: s}); err != nil {
				t.Fatal(err)
			}
			printed := strings.Join(strings.Fields(out.String()), " ")
			if !strings.Contains(printed, c.want) ||
				strings.Contains(printed, "Precision: ") != (c.want != "") {
				t.Errorf("no %q in %s", c.want, &out)
			}
		})
	}
}

func TestAPrecisionOfManyTimesTheRateIsAMultiple(t *testing.T) {
	var text strings.Builder
	for _, rate := range []int{10, 10, 10, 10, 10, 1240} {
		row(&text, "Burst/writers=8", 1, 0)
		fmt.Fprintf(&text, "BenchmarkBurst/writers=64-2 1 %d inserts/s\n", rate)
	}
	got := precision(read(t, text.String()).Rows())
	if !strings.Contains(got, "the worst to ±120x (Burst") {
		t.Errorf("printed %s", got)
	}
}

func TestReportExplainsIntervals(t *testing.T) {
	for name, c := range map[string]struct {
		runs int // of the first row; the second has six
		want string
	}{
		"six runs each":   {6, "±: 95 % confidence interval of the median of 6 runs."},
		"unequal numbers": {9, "±: 95 % confidence interval of the median of 6 to 9 runs."},
	} {
		t.Run(name, func(t *testing.T) {
			var text, out strings.Builder
			row(&text, "Burst/writers=8", c.runs, 10)
			row(&text, "Burst/writers=64", 6, 1)
			err := report(t.Context(), &out, runner.Output{Snapshot: read(t, text.String())})
			if err != nil || strings.Count(out.String(), "\n"+c.want+"\n") != 1 {
				t.Errorf("%v, no %q in\n%s", err, c.want, &out)
			}
		})
	}
}

func TestReportRepeatsWarnings(t *testing.T) {
	var text, out strings.Builder
	for range 6 {
		text.WriteString("# warning: tmpfs is no disk\n# disk before: 1\n")
		row(&text, "Burst/writers=8", 1, 1)
		text.WriteString("# disturbed: steal=9.0%\n# warning: do not compare this run: steal\n")
	}
	s := read(t, text.String())
	if err := report(t.Context(), &out, runner.Output{Snapshot: s}); err != nil {
		t.Fatal(err)
	}
	printed := strings.Join(strings.Fields(out.String()), " ")
	if strings.Count(printed, " Warning: tmpfs is no disk. ") != 1 ||
		strings.Count(printed, " has 6 disturbed of 6 runs ") != 1 ||
		strings.Contains(printed, "do not compare this run") {
		t.Errorf("does not print each warning once:\n%s", &out)
	}
}

// The same benchmarks under two names, as two builds would be.
func TestTwoBuildsAreMeasuredInTurns(t *testing.T) {
	if testing.Short() {
		t.Skip("runs benchmarks four times")
	}
	dir := t.TempDir()
	ab := []string{filepath.Join(dir, "old"), filepath.Join(dir, "new")}
	for _, path := range ab {
		if err := os.Symlink(benchtest.Binary(t), path); err != nil {
			t.Fatal(err)
		}
	}
	cmd := benchtest.Command(filepath.Join(benchtest.Scripts(t), "bench"))
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "AB="+strings.Join(ab, " "), "DIR="+dir, "COUNT=2",
		"LABEL="+filepath.Join(dir, "x.txt"), "BENCH=Ceiling", "ROUND=20ms")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	older, newer := requireSeeds(t, dir, "old"), requireSeeds(t, dir, "new")
	if !snapshot.Interleaved(older, newer) || len(older.Runs) != 2 || len(newer.Runs) != 2 {
		t.Errorf("not two runs each in turns: %v, %v", older.Runs, newer.Runs)
	}
	want := "All figures are in " + older.Path + "\nand " + newer.Path + ".\n" // too few to compare
	if !strings.HasSuffix(string(out), want) {
		t.Errorf("printed %s, want it to end with %s", out, want)
	}
}

// requireSeeds asks that the two runs of a side's snapshot have the seeds 1 and 2.
func requireSeeds(t *testing.T, dir, side string) *snapshot.Snapshot {
	t.Helper()
	path := filepath.Join(dir, "x-"+side+".txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seeds := regexp.MustCompile(`(?m)^# seed .*$`).FindAllString(string(text), -1)
	if !slices.Equal(seeds, []string{"# seed 1", "# seed 2"}) {
		t.Errorf("%s has %q", path, seeds)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
