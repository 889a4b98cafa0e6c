package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchunit"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// writeTable writes a line for each row with writers, in the order of the snapshot: inserts/s, lock
// errors and p99. Lock errors are the sum over all runs, as a share of all attempts.
func writeTable(out io.Writer, s *snapshot.Snapshot) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	current := ""
	for _, row := range s.Rows() {
		rate := row.Samples(metrics.InsertsPerSecond)
		attempts, lockErrors := row.Sum(metrics.Attempts), row.Sum(metrics.LockErrors)
		if len(rate) == 0 || attempts == 0 {
			continue // of the ceiling or the harness
		}
		name := row.Benchmark()
		if name != current {
			fmt.Fprintf(w, "%s\t%s\t%s\tlock errors\tp99\n",
				name, strings.Join(scenario.AlwaysNamed, "\t"), metrics.InsertsPerSecond)
			current = name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.4g %% (%.0f of %.0f)\t%s\n",
			strings.Join(snapshot.ExtraAxes(row.Results[0]), " "), axes(row),
			formatInterval(rate, ""), 100*lockErrors/attempts, lockErrors, attempts,
			formatInterval(row.Samples(metrics.P99), "s"))
	}
	return w.Flush()
}

// axes returns the values of the axes that are always in a name.
func axes(row snapshot.Row) string {
	var values []string
	for _, axis := range scenario.AlwaysNamed {
		value, _ := snapshot.Axis(row.Results[0], axis)
		values = append(values, value)
	}
	return strings.Join(values, "\t")
}

// formatInterval formats the median of the runs and its 95 % confidence interval as a share of it,
// both by benchmath.
func formatInterval(values []float64, unit string) string {
	summary := snapshot.Summary(values)
	return fmt.Sprintf("%s%s ± %s", benchunit.Scale(summary.Center, benchunit.Decimal), unit,
		summary.PctRangeString())
}
