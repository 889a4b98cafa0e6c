package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"busybench/bench/scenario"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

const sample = "../testdata/sample.txt"

// printed returns what the settings print.
func printed(t *testing.T, settings ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(&out, golden.Getenv(settings...)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// readCSV returns the lines of a CSV export, by the names of the columns.
func readCSV(t *testing.T, settings ...string) (lines []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(printed(t, settings...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		line := map[string]string{}
		for i, name := range all[0] {
			if _, twice := line[name]; twice {
				t.Fatalf("two columns are named %s", name)
			}
			line[name] = cells[i]
		}
		lines = append(lines, line)
	}
	return lines
}

// write stores a snapshot and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "odd.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCSVHasEveryValueOfTheSnapshot(t *testing.T) {
	for _, path := range []string{sample, "../../results/default.txt", "../../results/limit.txt"} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			s, err := snapshot.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := readCSV(t, "LABEL", path)
			if len(lines) != len(s.Results) {
				t.Fatalf("%d lines, want %d", len(lines), len(s.Results))
			}
			for i, r := range s.Results {
				filled := 0
				for name, cell := range lines[i] {
					if isUnit(name) && cell != "" {
						filled++
					}
				}
				if filled != len(r.Values) {
					t.Errorf("line %d has %d figures, want %d", i, filled, len(r.Values))
				}
				for _, v := range r.Values {
					unit, want := v.Unit, v.Value
					if v.OrigUnit != "" {
						unit, want = v.OrigUnit, v.OrigValue
					}
					cell := lines[i][unitColumn(unit)]
					if got, err := strconv.ParseFloat(cell, 64); err != nil || got != want {
						t.Errorf("%s %s is %q, want %v", r.Name, unit, cell, want)
					}
				}
			}
		})
	}
}

// isUnit reports whether a column of the snapshots in these tests is a unit.
func isUnit(column string) bool {
	switch column {
	case "benchmark", "name", "run", "disturbed":
		return false
	}
	return !scenario.IsAxis(column)
}

func TestARunHasItsNumberAndSaysWhetherItWasDisturbed(t *testing.T) {
	const result = "BenchmarkBurst/exec=process/journal=wal/writers=1 1 5 inserts/s\n"
	path := write(t, result+"# disk before: 10 appends\n"+result+"# disturbed: others=30.0%\n"+
		"# disk before: 10 appends\n"+result)
	var got []string
	for _, line := range readCSV(t, "LABEL", path) {
		got = append(got, line["run"]+" "+line["disturbed"])
	}
	if want := " |1 true|2 false"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAMissingUnitIsEmptyAndNotZero(t *testing.T) {
	path := write(t, "BenchmarkBurst/writers=1 1 5 inserts/s 0 jain\n"+
		"BenchmarkBurst/writers=2 1 5 inserts/s\n")
	lines := readCSV(t, "LABEL", path)
	if a, b := lines[0]["jain"], lines[1]["jain"]; a != "0" || b != "" {
		t.Errorf("in CSV they are %q and %q", a, b)
	}
	rows := readJSON(t, "LABEL", path).Rows
	a, b := rows[0]["jain"], rows[1]["jain"]
	if _, ok := rows[1]["jain"]; a != 0.0 || b != nil || !ok {
		t.Errorf("in JSON they are %v and %v", a, b)
	}
	text := printed(t, "LABEL", path, "FORMAT", "md", "UNITS", "inserts/s jain")
	if strings.Count(text, "| 0 |") != 1 || strings.Contains(text, "Inf") {
		t.Errorf("in Markdown they are in\n%s", text)
	}
}

// readJSON returns a JSON export. Its numbers are float64.
func readJSON(t *testing.T, settings ...string) (doc struct {
	Snapshot, Command, Begun string
	Revisions, Warnings      []string
	Header, Units            map[string]string
	Medians                  []struct {
		Name, Unit, Better string
		Median, Low, High  *float64
	}
	Rows []map[string]any
}) {
	t.Helper()
	text := printed(t, append(settings, "FORMAT", "json")...)
	for _, m := range []string{"revisions", "warnings"} {
		if strings.Contains(text, `"`+m+`": null`) {
			t.Errorf("%s is null", m)
		}
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestJSONHasTheHeaderOnceAndTheRowsOfTheCSV(t *testing.T) {
	doc := readJSON(t, "LABEL", sample)
	if doc.Snapshot != "sample" || doc.Command != "make bench COUNT='6' LABEL='sample'" ||
		doc.Begun != "2026-11-22T18:00:00Z" || doc.Header["sqlite"] != "3.54.1" {
		t.Errorf("the head is %+v", doc)
	}
	lines := readCSV(t, "LABEL", sample)
	if len(doc.Rows) != len(lines) {
		t.Fatalf("%d rows, want %d", len(doc.Rows), len(lines))
	}
	for i, row := range doc.Rows {
		if len(row) != len(lines[i]) {
			t.Errorf("row %d has %d keys, want %d", i, len(row), len(lines[i]))
		}
		for name, cell := range lines[i] {
			var got string
			switch v := row[name].(type) {
			case string:
				got = v
			case bool:
				got = strconv.FormatBool(v)
			case float64:
				got = strconv.FormatFloat(v, 'f', -1, 64)
			}
			if got != cell {
				t.Errorf("row %d: %s is %v, want %q", i, name, row[name], cell)
			}
		}
	}
}

// Two units of Limit have the names of axes.
func TestAUnitWithTheNameOfAnAxisHasAColumnOfItsOwn(t *testing.T) {
	line := readCSV(t, "LABEL", "../../results/limit-rate.txt")[0]
	if line["rate"] != "" || line["unit:rate"] == "" || line["writers"] != "8" {
		t.Errorf("got %v", line)
	}
}

// A header line that is not the same for all rows is a column.
func TestHeaderLinesThatDifferAreColumns(t *testing.T) {
	path := write(t, "go: 1\ncpu: x\nBenchmarkBurst/writers=1 1 5 inserts/s\n"+
		"go: 2\nBenchmarkBurst/writers=1 1 6 inserts/s\n")
	lines := readCSV(t, "LABEL", path)
	if lines[0]["go"] != "1" || lines[1]["go"] != "2" {
		t.Errorf("the lines are %v", lines)
	}
	header := readJSON(t, "LABEL", path).Header
	if _, ok := header["go"]; ok || header["cpu"] != "x" {
		t.Errorf("the header is %v", header)
	}
}

func TestMediansHaveIntervalsAndADirection(t *testing.T) {
	doc := readJSON(t, "LABEL", sample, "UNITS", "inserts/s p99-ns", "BENCH", "Burst")
	if len(doc.Medians) != 16 || len(doc.Units) != 2 {
		t.Fatalf("%d medians, units are %v", len(doc.Medians), doc.Units)
	}
	for _, m := range doc.Medians {
		want := map[string]string{"inserts/s": "higher", "p99-ns": "lower"}[m.Unit]
		if m.Better != want || m.Low == nil || m.High == nil || *m.Low > *m.Median ||
			*m.High < *m.Median {
			t.Errorf("got %+v", m)
		}
	}
	few := write(t, "BenchmarkBurst/writers=1 1 5 inserts/s\n")
	if m := readJSON(t, "LABEL", few).Medians[0]; m.Low != nil || m.High != nil || *m.Median != 5 {
		t.Errorf("of one run: %+v", m)
	}
}

func TestMarkdown(t *testing.T) {
	golden.Check(t, "sample.golden", printed(t, "LABEL", sample, "FORMAT", "md"))
}

func TestNamesDoNotBreakMarkdown(t *testing.T) {
	path := write(t, "BenchmarkBurst/writers=1/busy=w|a_l* 1 5 inserts/s\n"+
		"BenchmarkBurst/writers=1/busy=5s 1 5 inserts/s\n")
	if text := printed(t, "LABEL", path, "FORMAT", "md"); !strings.Contains(text, `w\|a\_l\*`) {
		t.Errorf("no escaped name in %s", text)
	}
}

func TestExportRejects(t *testing.T) {
	for _, c := range []struct {
		name     string
		settings []string
		want     string
	}{
		{"an unknown format", []string{"LABEL", sample, "FORMAT", "xml"}, "csv, json or md"},
		{"a snapshot that does not exist", []string{"LABEL", "nope.txt"}, "does not exist"},
		{"an unknown benchmark", []string{"LABEL", sample, "BENCH", "Brust"}, "it holds Burst"},
		{"an unknown unit", []string{"LABEL", sample, "UNITS", "p98-ns"}, "reports \"p98-ns\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(&out, golden.Getenv(c.settings...))
			if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("printed %q, error is %v, want %s", &out, err, c.want)
			}
		})
	}
}
