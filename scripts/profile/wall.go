package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// writeWall writes what the writers of each benchmark spent their wall time on, in percent of an
// insert. The values are the medians of the runs.
func writeWall(out io.Writer, s *snapshot.Snapshot) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, unit := range metrics.Breakdown {
		fmt.Fprintf(w, "%s\t", strings.TrimSuffix(unit, "-%"))
	}
	fmt.Fprint(w, "median attempt\tlock errors\t  of\n")
	for _, row := range s.Rows() {
		if len(row.Samples(metrics.Breakdown[0])) == 0 {
			continue // a benchmark without attempts
		}
		for _, unit := range metrics.Breakdown {
			fmt.Fprintf(w, "%.1f %%\t", row.Median(unit))
		}
		attempt := format.Duration(time.Duration(1e9 * row.Median(metrics.P50)))
		fmt.Fprintf(w, "%s\t%.1f %%\t  %s %s\n", attempt, row.Median(metrics.LockErrorPercent),
			row.Benchmark(), strings.Join(snapshot.NameParts(row.Results[0]), " "))
	}
	return w.Flush()
}
