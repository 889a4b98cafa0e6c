package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

func TestMarkdown(t *testing.T) {
	path := sample(t, "sample.txt", same)
	slower := sample(t, "slower.txt", tenfold("p99-ns"))
	refusals := golden.CopyFile(t, "testdata/refusals.txt", "refusals.txt")
	for name, settings := range map[string][]string{
		"within": {"LABEL", refusals, "BY", "txn=upgrade,immediate,auto"},
		"two": {"OLD", path, "NEW", slower, "BENCH", "Burst/.*/journal=wal/writers=8",
			"UNITS", "p99-ns"},
		"gate": {"OLD", path, "NEW", path, "BENCH", "Burst/.*/journal=wal/writers=8",
			"UNITS", "inserts/s", "GATE", "5"},
	} {
		t.Run(name, func(t *testing.T) {
			text := printed(t, append(settings, "FORMAT", "md")...)
			golden.Check(t, "markdown-"+name+".golden", text)
			requireMarkdownTables(t, text)
		})
	}
}

// requireMarkdownTables asks that all lines of a table have as many cells as its head.
func requireMarkdownTables(t *testing.T, text string) {
	t.Helper()
	cells := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if cells != 0 && n != cells {
			t.Errorf("%q has %d cells, the head %d", line, n, cells)
		}
		cells = n
	}
}

func TestNamesDoNotBreakMarkdown(t *testing.T) {
	odd := sample(t, "odd.txt", replace("/journal=wal", "/journal=w|a_l*"))
	text := printed(t, "LABEL", odd, "BY", "exec", "BENCH", "Burst", "FORMAT", "md")
	if !strings.Contains(text, `w\|a\_l\*`) {
		t.Errorf("no escaped name in %s", text)
	}
	requireMarkdownTables(t, text)
}

// readCSV returns the lines of a CSV report, by the names of the columns.
func readCSV(t *testing.T, settings ...string) (lines []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(
		strings.NewReader(printed(t, append(settings, "FORMAT", "csv")...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		line := map[string]string{}
		for i, name := range all[0] {
			line[name] = cells[i]
		}
		lines = append(lines, line)
	}
	return lines
}

func TestCSVHasALineForEachRowAndUnit(t *testing.T) {
	path := sample(t, "sample.txt", same)
	s, err := load(path, "^(Burst|Sustained)$")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, row := range s.Rows() {
		for _, unit := range row.Units() {
			for _, by := range []string{"exec", "journal"} {
				want[by+" "+row.Name+" "+unit]++
			}
		}
	}
	for _, line := range readCSV(t, "LABEL", path, "BY", "exec journal", "UNITS", "all") {
		want[line["by"]+" "+line["name"]+" "+line["unit"]]--
		if axis := line[line["by"]]; line["snapshot"] != "sample" || line["value"] != axis {
			t.Errorf("line %v", line)
		}
		if line["base"] == "" && line["ratio"]+line["p"] != "" ||
			line["base"] != "" && line["p"] == "" {
			t.Errorf("a ratio or a p value without a base, or the contrary: %v", line)
		}
	}
	for name, n := range want {
		if n != 0 {
			t.Errorf("%s has %d lines too few", name, n)
		}
	}
}

// Each ratio of a committed snapshot. The test of the p value is that of the interval.
func TestPIsAtMostFivePercentInCSVIfAndOnlyIfTheIntervalExcludesOne(t *testing.T) {
	path := golden.CopyFile(t, "../../results/default.txt", "default.txt")
	ratios := 0
	for _, line := range readCSV(t, "LABEL", path, "UNITS", "all") {
		if line["ratio"] == "" {
			continue
		}
		ratios++
		p, low := parse(t, line["p"]), parse(t, line["ratio_low"])
		high := parse(t, line["ratio_high"])
		if excludes := low > 1 || high < 1; excludes != (p <= 0.05) {
			t.Errorf("%s %s: p is %v, the interval is %v to %v",
				line["name"], line["unit"], p, low, high)
		}
	}
	if ratios < 100 {
		t.Errorf("%d ratios", ratios)
	}
}

func parse(t *testing.T, number string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The figures are those of the snapshot, in the units as they are written there.
func TestCSVOfTwoSnapshots(t *testing.T) {
	old := sample(t, "before.txt", same)
	gone := func(line string) string {
		if strings.Contains(line, "BenchmarkBurst/exec=process/journal=wal/writers=8") {
			return ""
		}
		return tenfold("p99-ns")(line)
	}
	new := sample(t, "after.txt", gone)
	lines := readCSV(t, "OLD", old, "NEW", new, "BENCH", "Burst", "UNITS", "p99-ns")
	medians, ratios := map[string]string{}, map[string]string{}
	for _, line := range lines {
		key := line["value"] + " " + line["exec"] + " " + line["journal"] + " " + line["writers"]
		medians[key], ratios[key] = line["median"], line["ratio"]
		if line["by"] != "snapshot" ||
			line["snapshot"] != map[string]string{"old": "before", "new": "after"}[line["value"]] {
			t.Errorf("line %v", line)
		}
	}
	s, err := load(old, "Burst")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range s.Rows() {
		exec := row.Value("exec")
		key := fmt.Sprintf("%s %s %s", exec, row.Value("journal"), row.Value("writers"))
		want := strings.TrimSuffix(fmt.Sprintf("%.1f", row.Median("p99-ns")*1e9), ".0")
		if got := medians["old "+key]; got != want {
			t.Errorf("%s: the median is %s, want %s", key, got, want)
		}
		if _, ok := medians["new "+key]; ok == (key == "process wal 8") {
			t.Errorf("%s is in the new snapshot: %v", key, ok)
		}
		ratio, _ := strconv.ParseFloat(ratios["new "+key], 64)
		if exec == "process" && key != "process wal 8" && (ratio < 9 || ratio > 11) {
			t.Errorf("%s: the ratio is %v, want about 10", key, ratio)
		}
	}
}

func TestFormatsThatAreRefused(t *testing.T) {
	path := sample(t, "sample.txt", same)
	for name, c := range map[string]struct {
		settings []string
		want     string
	}{
		"unknown": {[]string{"LABEL", path, "FORMAT", "xml"}, "give md or csv"},
		"CSV with a gate": {
			[]string{"OLD", path, "NEW", path, "GATE", "5", "FORMAT", "csv"}, "GATE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := run(&out, golden.Getenv(c.settings...))
			if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
				t.Errorf("printed %q, error is %v, want %s", &out, err, c.want)
			}
		})
	}
}
