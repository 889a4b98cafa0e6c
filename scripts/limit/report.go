package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// report is stored beside the snapshot.
var report = runner.SaveReport(
	func(_ context.Context, out io.Writer, output runner.Output) error {
		return writeReport(out, output.Snapshot)
	})

// writeReport writes a sentence for each combination of settings, in the order of the snapshot. If
// it was searched several times, the sentence has the medians.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	fmt.Fprintf(out, `How many writers can write at once? A number passes with %s.
A repeated search ends within the prediction interval 99 times out of 100.

`, s.Results[0].GetConfig("limit"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range s.Rows() {
		if row.Benchmark() != "Limit" {
			continue
		}
		fmt.Fprintf(w, "%s\t%s\n", strings.Join(snapshot.NameParts(row.Results[0]), "\t"),
			limit.Sentence(limit.Finding{
				Passed: row.Median(metrics.Writers), Failed: row.Median(metrics.WritersFail),
				Low: row.Median(metrics.WritersLow), High: row.Median(metrics.WritersHigh),
				Above: row.Median(metrics.WritersAbove),
			}))
	}
	return w.Flush()
}
