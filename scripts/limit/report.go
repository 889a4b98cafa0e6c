package main

import (
	"context"
	"io"
	"strings"

	"busybench/bench/format"
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
	text := format.Wrap("How many writers can write at once? A number passes with "+
		s.Results[0].GetConfig("limit")+". A repeated search ends within the prediction interval "+
		"99 times out of 100.", format.Columns, "", "") + "\n\n"
	for _, row := range s.Rows() {
		if row.Benchmark() != "Limit" {
			continue
		}
		axes := strings.Join(snapshot.NameParts(row.Results[0]), " ")
		text += format.Wrap(axes, format.Columns, "", "  ") + "\n" +
			format.Wrap(limit.Sentence(finding(row)), format.Columns, "    ", "    ") + "\n"
	}
	_, err := io.WriteString(out, text)
	return err
}

func finding(row snapshot.Row) limit.Finding {
	return limit.Finding{
		Passed: row.Median(metrics.Writers), Failed: row.Median(metrics.WritersFail),
		Low: row.Median(metrics.WritersLow), High: row.Median(metrics.WritersHigh),
		Above: row.Median(metrics.WritersAbove),
	}
}
