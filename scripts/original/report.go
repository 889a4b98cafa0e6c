package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// figures is what one method measured in one case, in all runs.
type figures struct {
	runs              int
	refused, attempts int
	overlap           int     // max number of attempts in flight at once
	begun, longest    float64 // in seconds: when 99 % had begun, and the longest attempt
}

// results holds the figures of both methods by case.
type results struct {
	suite, here map[testCase]figures
	python      bool // whether there is a python3
}

type testCase struct {
	journal string
	writers int
}

func collect(s *snapshot.Snapshot, python bool) results {
	r := results{map[testCase]figures{}, map[testCase]figures{}, python}
	for _, row := range s.Rows() {
		n, err := strconv.Atoi(row.Value("writers"))
		if err != nil {
			continue
		}
		c := testCase{row.Value("journal"), n}
		switch row.Benchmark() {
		case "Pool":
			r.suite[c] = newFigures(row)
		case "Burst":
			r.here[c] = newFigures(row)
		}
	}
	return r
}

func newFigures(row snapshot.Row) figures {
	highest := func(unit string) float64 { return slices.Max(append(row.Samples(unit), 0)) }
	return figures{
		runs:    len(row.Results),
		refused: int(row.Sum(metrics.LockErrors)), attempts: int(row.Sum(metrics.Attempts)),
		overlap: int(highest(metrics.Overlap)),
		begun:   highest(metrics.Skew), longest: highest(metrics.Max),
	}
}

// writeReport writes a table of all cases, and why 500 inserts pass in the suite.
func writeReport(out io.Writer, s *snapshot.Snapshot, python bool) error {
	r := collect(s, python)
	var text strings.Builder
	text.WriteString(wrap(r.introduction()) + r.missing() + "\n")
	if _, err := r.table().WriteTo(&text); err != nil {
		return err
	}
	text.WriteString("\n")
	for _, sentence := range r.explanation() {
		text.WriteString(wrap(sentence))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func wrap(text string) string { return format.Wrap(text, format.Columns, "", "") + "\n" }

func (r results) introduction() string {
	runs := 0
	for _, f := range r.here {
		runs = max(runs, f.runs)
	}
	return fmt.Sprintf("Each process connects, begins a deferred transaction (the default of "+
		"Python's sqlite3), inserts one row, commits and closes, with a timeout of %v. In the "+
		"suite that this project began as, one is started after the other; here all are released "+
		"at one instant. In flight: max number of inserts begun and not yet ended. %s.",
		scenario.DefaultTimeout, format.Count(runs, "run"))
}

// missing says in a line why there are no figures of the suite's method, if there are none.
func (r results) missing() string {
	switch {
	case len(r.suite) > 0:
		return ""
	case !r.python:
		return "The suite's own method was not run: python3 is not in PATH.\n"
	}
	return "The suite's own method failed or had no time: see the comments in the snapshot.\n"
}

func (r results) table() *table.Table {
	t := &table.Table{Left: 1}
	first, second := []string{"", ""}, []string{"journal", "writers"}
	if len(r.suite) > 0 {
		first = append(first, "suite:", "one by one")
		second = append(second, "lock errors", "in flight")
	}
	t.Add(append(first, "here:", "at one instant")...)
	t.Add(append(second, "lock errors", "in flight")...)
	for _, journal := range journals {
		for _, n := range writers {
			c := testCase{journal, n}
			line := []string{journal, strconv.Itoa(n)}
			if len(r.suite) > 0 {
				line = append(line, cells(r.suite, c)...)
			}
			t.Add(append(line, cells(r.here, c)...)...)
		}
	}
	return t
}

// cells returns the cells of one method in one case, empty ones if the time was over before it.
func cells(all map[testCase]figures, c testCase) []string {
	f, ok := all[c]
	if !ok {
		return []string{"-", "-"}
	}
	return []string{f.refusals(), format.Number(float64(f.overlap))}
}

func (f figures) refusals() string {
	return fmt.Sprintf("%s of %s", format.Number(float64(f.refused)),
		format.Number(float64(f.attempts)))
}
