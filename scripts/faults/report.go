package main

import (
	"io"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/document"
	"busybench/scripts/internal/snapshot"
)

// writeReport sums up all runs, in a line of each table for each row of the snapshot, which usually
// is a journal mode.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	d := document.New(s)
	d.Paragraph("Writers were killed with SIGKILL while they inserted, and replaced. Then the " +
		"file was compared with all acknowledgements. All rows have " +
		strings.Join(d.Fixed, " ") + ".")
	d.Table([2][]string{
		{"", "acknowledged", "", "torn", "damaged"},
		{"kills", "rows", "lost", "rows", "files"},
	}, lossCells)
	d.Paragraph("Lost: acknowledged, but not in the file. Torn rows: of a transaction that is in " +
		"the file in part. Damaged files: with lost or torn rows, or complaints of " +
		"integrity_check.")
	d.Table([2][]string{
		{"hot", "unacknowledged", "lock", "next insert", "", "reopened"},
		{"files", "commits", "errors", "median", "max", "max"},
	}, recoveryCells)
	d.Paragraph("Hot files: with a journal to roll back or a log to recover after all writers " +
		"were killed. Unacknowledged commits: transactions of killed writers that are in the " +
		"file although their acknowledgement never arrived, at most one for each kill. Next " +
		"insert: from a kill to the next acknowledgement of any writer. Reopened: opened and " +
		"read after all writers were killed.")
	if slices.ContainsFunc(d.Rows, isUnsafe) {
		d.Paragraph("With journal=off and journal=memory SQLite promises nothing to a process " +
			"that is killed, whatever was found here.")
	}
	d.Paragraph("Killing a process is not a power loss: the kernel still writes what the killed " +
		"writer gave to it. Whether the disk keeps what it acknowledged to the kernel is not " +
		"tested here.")
	return d.Write(out)
}

// lossCells returns what was in the file in the end.
func lossCells(row snapshot.Row) []string {
	return document.Counts(row, metrics.Kills, metrics.AckedRows, metrics.LostRows,
		metrics.TornRows, metrics.DamagedFiles)
}

// recoveryCells returns how the writers and the file recovered.
func recoveryCells(row snapshot.Row) []string {
	return append(document.Counts(row, metrics.HotFiles, metrics.KeptTxns, metrics.LockErrors),
		format.Seconds(row.Median(metrics.Recover)),
		format.Seconds(document.Max(row, metrics.RecoverMax)),
		format.Seconds(document.Max(row, metrics.ReopenMax)))
}

func isUnsafe(row snapshot.Row) bool { return !scenario.SurvivesKill(row.Value("journal")) }
