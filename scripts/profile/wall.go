package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// writeWall writes what the writers of each benchmark spent their wall time on, in percent of an
// insert. The values are the medians of the runs.
func writeWall(out io.Writer, s *snapshot.Snapshot) error {
	rows := slices.DeleteFunc(s.Rows(), func(row snapshot.Row) bool {
		return len(row.Samples(metrics.Breakdown[0])) == 0 // a benchmark without attempts
	})
	varied, fixed := snapshot.SplitAxes(rows)
	if len(fixed) > 0 {
		title := "All rows with " + strings.Join(fixed, " ")
		fmt.Fprintf(out, "%s\n\n", format.Wrap(title, format.Columns, "", "  "))
	}
	_, err := wallTable(rows, varied).WriteTo(out)
	return err
}

// wallTable returns a table with a line for each row.
func wallTable(rows []snapshot.Row, varied []string) *table.Table {
	t := &table.Table{Left: 1 + len(varied)}
	over := make([]string, t.Left+len(metrics.Breakdown))
	head := append([]string{""}, varied...)
	for _, unit := range metrics.Breakdown {
		head = append(head, strings.TrimSuffix(unit, "-%"))
	}
	t.Add(append(over, "median", "lock")...)
	t.Add(append(head, "attempt", "errors, %")...)
	for _, row := range rows {
		cells := []string{row.Benchmark()}
		for _, axis := range varied {
			cells = append(cells, row.Value(axis))
		}
		for _, unit := range metrics.Breakdown {
			cells = append(cells, fmt.Sprintf("%.1f", row.Median(unit)))
		}
		cells = append(cells, format.Seconds(row.Median(metrics.P50)),
			fmt.Sprintf("%.1f", row.Median(metrics.LockErrorPercent)))
		t.Add(cells...)
	}
	return t
}
