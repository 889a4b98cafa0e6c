package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// writeWall writes what the writers of each benchmark spent their wall time on, in percent of an insert. Medians where
// there were several passes.
func writeWall(out io.Writer, s *snapshot.Snapshot) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "open\twait\tbegin\tinsert\tcommit\tclose\tmedian attempt\tlock errors\t  of\n")
	for _, row := range s.Rows() {
		if len(row.Samples(metrics.Breakdown[0])) == 0 {
			continue // a benchmark without attempts
		}
		for _, unit := range metrics.Breakdown {
			fmt.Fprintf(w, "%.1f %%\t", row.Median(unit))
		}
		took := time.Duration(1e9 * row.Median("p50-ns")).Round(time.Microsecond)
		fmt.Fprintf(w, "%v\t%.1f %%\t  %s\n", took, row.Median("lockerr-%"), nameOf(row))
	}
	return w.Flush()
}

func nameOf(row snapshot.Row) string {
	return strings.Join(append([]string{row.Benchmark()}, snapshot.NameParts(row.Results[0])...), " ")
}
