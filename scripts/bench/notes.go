package main

import (
	"fmt"
	"io"
	"slices"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// writeNotes explains the marks of the tables, and says what is missing for intervals, with an
// empty line below.
func writeNotes(out io.Writer, s *snapshot.Snapshot) error {
	var notes []string
	rows := s.Rows()
	if slices.ContainsFunc(rows, snapshot.Row.Refuses) {
		notes = append(notes, snapshot.RefusedNote)
	}
	isMax := func(row snapshot.Row) bool {
		return row.IsMax(metrics.P99) || row.IsMax(metrics.AckedP99)
	}
	if slices.ContainsFunc(rows, isMax) {
		notes = append(notes, snapshot.MaxNote)
	}
	if note := maxWaits(s); note != "" {
		notes = append(notes, note)
	}
	notes = append(notes, describeIntervals(rows))
	for _, note := range notes {
		if _, err := fmt.Fprintln(out, format.Wrap(note, format.Columns, "", "")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

// maxWaits says what bounds the longest waits of the tables in which busy varies.
func maxWaits(s *snapshot.Snapshot) string {
	var scenarios []scenario.Scenario
	for _, rows := range byBenchmark(s) {
		if varied, _ := snapshot.SplitAxes(rows); slices.Contains(varied, "busy") {
			scenarios = append(scenarios, snapshot.Scenarios(rows)...)
		}
	}
	return snapshot.MaxWaitNote(scenarios)
}

// describeIntervals says what ± is, or why there is none.
func describeIntervals(rows []snapshot.Row) string {
	minRuns, maxRuns := len(rows[0].Results), 0
	for _, row := range rows {
		minRuns, maxRuns = min(minRuns, len(row.Results)), max(maxRuns, len(row.Results))
	}
	runs := format.Count(maxRuns, "run")
	if maxRuns < snapshot.MinSamples {
		return fmt.Sprintf("%s: too few for intervals, which need COUNT=%d or more.",
			runs, snapshot.MinSamples)
	}
	if minRuns < maxRuns {
		runs = fmt.Sprintf("%d to %s", max(minRuns, snapshot.MinSamples), runs)
	}
	return fmt.Sprintf("±: 95 %% confidence interval of the median of %s.", runs)
}
