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

// writeTable answers the question in short: for each benchmark with writers, in the order of the
// snapshot, inserts/s, lock errors and p99. Intervals are benchmath's: the median of the passes
// with its 95 % confidence interval. Lock errors are all of them against all attempts.
func writeTable(out io.Writer, s *snapshot.Snapshot) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	above := ""
	for _, row := range s.Rows() {
		rate := row.Samples(metrics.InsertsPerSecond)
		attempts, lockErrors := row.Sum(metrics.Attempts), row.Sum(metrics.LockErrors)
		if len(rate) == 0 || attempts == 0 {
			continue // of the ceiling or the harness
		}
		name := row.Benchmark()
		if name != above {
			fmt.Fprintf(w, "%s\t%s\tinserts/s\tlock errors\tp99\n",
				name, strings.Join(scenario.AlwaysNamed, "\t"))
			above = name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.4g %% (%.0f of %.0f)\t%s\n", strings.Join(snapshot.ExtraAxes(row.Results[0]), " "), axes(row),
			interval(rate, ""), 100*lockErrors/attempts, lockErrors, attempts, interval(row.Samples(metrics.P99), "sec"))
	}
	return w.Flush()
}

// axes returns the values of the axes that stand in every name.
func axes(row snapshot.Row) string {
	var values []string
	for _, axis := range scenario.AlwaysNamed {
		value, _ := snapshot.Axis(row.Results[0], axis)
		values = append(values, value)
	}
	return strings.Join(values, "\t")
}

// interval writes the median of values and its interval as a share of it.
func interval(values []float64, unit string) string {
	summary := snapshot.Summary(values)
	scaled := benchunit.Scale(summary.Center, benchunit.Decimal)
	if unit == "sec" {
		scaled += "s"
	}
	return fmt.Sprintf("%s ± %s", scaled, summary.PctRangeString())
}
