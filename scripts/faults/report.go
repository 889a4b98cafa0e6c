package main

import (
	"io"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// writeReport sums up all runs, in a line of each table for each row of the snapshot, which usually
// is a journal mode.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	d := document{rows: s.Rows()}
	d.varied, d.fixed = snapshot.SplitAxes(d.rows)
	d.paragraph("Writers were killed with SIGKILL while they inserted, and replaced. Then the " +
		"file was compared with all acknowledgements. All rows have " +
		strings.Join(d.fixed, " ") + ".")
	d.table([][]string{
		{"", "acknowledged", "", "torn", "damaged"},
		{"kills", "rows", "lost", "rows", "files"},
	}, lossCells)
	d.paragraph("Lost: acknowledged, but not in the file. Torn rows: of a transaction that is in " +
		"the file in part. Damaged files: with lost or torn rows, or complaints of " +
		"integrity_check.")
	d.table([][]string{
		{"hot", "unacknowledged", "lock", "next insert", "", "reopened"},
		{"files", "commits", "errors", "median", "max", "max"},
	}, recoveryCells)
	d.paragraph("Hot files: with a journal to roll back or a log to recover after all writers " +
		"were killed. Unacknowledged commits: transactions of killed writers that are in the " +
		"file although their acknowledgement never arrived, at most one for each kill. Next " +
		"insert: from a kill to the next acknowledgement of any writer. Reopened: opened and " +
		"read after all writers were killed.")
	if slices.ContainsFunc(d.rows, isUnsafe) {
		d.paragraph("With journal=off and journal=memory SQLite promises nothing to a process " +
			"that is killed, whatever was found here.")
	}
	d.paragraph("Killing a process is not a power loss: the kernel still writes what the killed " +
		"writer gave to it. Whether the disk keeps what it acknowledged to the kernel is not " +
		"tested here.")
	_, err := io.WriteString(out, strings.TrimSuffix(d.text.String(), "\n"))
	return err
}

// document is a report while it is written. It consists of tables and paragraphs, each with an
// empty line after it.
type document struct {
	rows          []snapshot.Row
	varied, fixed []string // axes with several values; those with one, and that value
	text          strings.Builder
}

func (d *document) paragraph(text string) {
	d.text.WriteString(format.Wrap(text, format.Columns, "", "") + "\n\n")
}

// table adds a table with a line for each row. The axes that vary come first.
func (d *document) table(heads [][]string, cells func(snapshot.Row) []string) {
	t := &table.Table{Left: len(d.varied)}
	t.Add(append(make([]string, len(d.varied)), heads[0]...)...)
	t.Add(append(slices.Clone(d.varied), heads[1]...)...)
	for _, row := range d.rows {
		var axes []string
		for _, axis := range d.varied {
			axes = append(axes, row.Value(axis))
		}
		t.Add(append(axes, cells(row)...)...)
	}
	t.WriteTo(&d.text) // a strings.Builder returns no error
	d.text.WriteString("\n")
}

// lossCells returns what was in the file in the end.
func lossCells(row snapshot.Row) []string {
	return counts(row, metrics.Kills, metrics.AckedRows, metrics.LostRows, metrics.TornRows,
		metrics.DamagedFiles)
}

// recoveryCells returns how the writers and the file recovered.
func recoveryCells(row snapshot.Row) []string {
	return append(counts(row, metrics.HotFiles, metrics.KeptTxns, metrics.LockErrors),
		format.Seconds(row.Median(metrics.Recover)),
		format.Seconds(maximum(row.Samples(metrics.RecoverMax))),
		format.Seconds(maximum(row.Samples(metrics.ReopenMax))))
}

// counts returns the sums over all runs.
func counts(row snapshot.Row, units ...string) (cells []string) {
	for _, unit := range units {
		cells = append(cells, format.Number(row.Sum(unit)))
	}
	return cells
}

func isUnsafe(row snapshot.Row) bool { return !scenario.SurvivesKill(row.Value("journal")) }

// maximum returns the largest value, 0 if there is none.
func maximum(values []float64) float64 { return slices.Max(append([]float64{0}, values...)) }
