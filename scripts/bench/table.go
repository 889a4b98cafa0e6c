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

// writeTables writes a table for each benchmark with writers, in the order of the snapshot, with
// the lock errors of its rows explained below it.
func writeTables(out io.Writer, s *snapshot.Snapshot) error {
	for _, rows := range byBenchmark(s) {
		if err := writeTable(out, s, rows); err != nil {
			return err
		}
	}
	if err := writeOthers(out, s); err != nil {
		return err
	}
	return writeNotes(out, s)
}

// byBenchmark returns the rows with attempts, those of each benchmark together.
func byBenchmark(s *snapshot.Snapshot) (all [][]snapshot.Row) {
	index := map[string]int{}
	for _, row := range s.Rows() {
		if row.Sum(metrics.Attempts) == 0 {
			continue // of the ceiling or the harness
		}
		i, ok := index[row.Benchmark()]
		if !ok {
			i, index[row.Benchmark()] = len(all), len(all)
			all = append(all, nil)
		}
		all[i] = append(all[i], row)
	}
	return all
}

// writeTable writes a line for each row of one benchmark: inserts/s or last-ack, lock errors (the
// sum over all runs), and how long attempts took. If there are lock errors, the times of
// acknowledged attempts stand beside those of all, and in sustained rounds what a caller waits who
// comes at any instant. The axes with one value are above the table.
func writeTable(out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row) error {
	varied, fixed := snapshot.SplitAxes(rows)
	title := rows[0].Benchmark()
	if file := rows[0].Results[0].GetConfig("sql"); file != "" {
		title += " of " + sqlName(file)
	}
	if len(fixed) > 0 {
		title += ", all rows with " + strings.Join(fixed, " ")
	}
	fmt.Fprintf(out, "%s\n\n", format.Wrap(title, format.Columns, "", "  "))
	if _, err := fittingTable(rows, varied).WriteTo(out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := writeLockErrors(out, s, rows, varied); err != nil {
		return err
	}
	if err := writeLongWaits(out, s, rows, varied); err != nil {
		return err
	}
	if err := writeStatements(out, s, rows, varied); err != nil {
		return err
	}
	return writeParticipants(out, s, rows, varied)
}

// width is the max number of columns of a table on the terminal.
const width = 100

// fittingTable returns a table with the figures that fit. All of them are in the snapshot.
func fittingTable(rows []snapshot.Row, varied []string) *table.Table {
	columns := figureColumns(rows)
	t := newTable(rows, varied, columns)
	for _, less := range []figureColumn{{over: "acked", head: "p50"}, {over: "all", head: "p50"}} {
		if t.Width() <= width {
			break
		}
		columns = slices.DeleteFunc(columns, func(c figureColumn) bool {
			return c.over == less.over && c.head == less.head
		})
		t = newTable(rows, varied, columns)
	}
	return t
}

func newTable(rows []snapshot.Row, varied []string, columns []figureColumn) *table.Table {
	t := &table.Table{Left: len(varied)}
	over, head := make([]string, len(varied)), slices.Clone(varied)
	for _, c := range columns {
		over, head = append(over, c.over), append(head, c.head)
	}
	t.Add(over...)
	t.Add(head...)
	for _, row := range rows {
		var cells []string
		for _, axis := range varied {
			cells = append(cells, row.Value(axis))
		}
		for _, c := range columns {
			cells = append(cells, c.cell(row))
		}
		t.Add(cells...)
	}
	return t
}

// figureColumn is a column of figures with a heading of two lines.
type figureColumn struct {
	over, head string
	cell       func(snapshot.Row) string
}

// figureColumns returns the columns that the rows have figures for.
func figureColumns(rows []snapshot.Row) []figureColumn {
	has := func(unit string) bool {
		return slices.ContainsFunc(rows, func(row snapshot.Row) bool {
			return row.Samples(unit) != nil
		})
	}
	refused := slices.ContainsFunc(rows, func(row snapshot.Row) bool {
		return row.Sum(metrics.LockErrors) > 0
	})
	over := ""
	if refused && has(metrics.AckedP50) {
		over = "all"
	}
	columns := append(countColumns(has(metrics.InsertsPerSecond)), []figureColumn{
		{over, "p50", func(row snapshot.Row) string {
			return row.Mark(format.Seconds(row.Median(metrics.P50)))
		}},
		{over, "p99", func(row snapshot.Row) string {
			text := quantile(row, metrics.P99)
			if over == "" { // there is room for it
				text += spread(row.Samples(metrics.P99))
			}
			return row.Mark(text)
		}},
	}...)
	if over != "" {
		columns = append(columns,
			figureColumn{"acked", "p50", acked(metrics.AckedP50)},
			figureColumn{"acked", "p99", acked(metrics.AckedP99)})
	}
	if has(metrics.ArrivalP99) {
		columns = append(columns, figureColumn{"arrival", "p99", func(row snapshot.Row) string {
			return row.Mark(format.Seconds(row.Median(metrics.ArrivalP99)))
		}})
	}
	return columns
}

// countColumns returns the columns of the rate, or of the last acknowledgement if there is no rate,
// and of the lock errors.
func countColumns(rate bool) []figureColumn {
	first := figureColumn{"", "last-ack", func(row snapshot.Row) string {
		return row.Mark(format.Seconds(row.Median(metrics.LastAck)))
	}}
	if rate {
		first = figureColumn{"", "inserts/s", func(row snapshot.Row) string {
			rates := row.Samples(metrics.InsertsPerSecond)
			return row.Mark(format.Number(snapshot.Median(rates)) + spread(rates))
		}}
	}
	return []figureColumn{
		first,
		{"", "%", func(row snapshot.Row) string {
			share := 100 * row.Sum(metrics.LockErrors) / row.Sum(metrics.Attempts)
			return fmt.Sprintf("%.3g", share)
		}},
		{"lock errors", "/attempts", func(row snapshot.Row) string {
			return format.Number(row.Sum(metrics.LockErrors)) + "/" +
				format.Number(row.Sum(metrics.Attempts))
		}},
	}
}

// quantile formats a quantile of a row.
func quantile(row snapshot.Row, unit string) string {
	text := format.Seconds(row.Median(unit))
	if row.IsMax(unit) {
		text += snapshot.MaxMark
	}
	return text
}

// acked returns a column's figures of acknowledged attempts.
func acked(unit string) func(snapshot.Row) string {
	return func(row snapshot.Row) string {
		if row.Median(unit) > 0 {
			return row.Mark(quantile(row, unit))
		}
		return "-" // none was acknowledged
	}
}

// spread returns the 95 % confidence interval of a median as a share of it, or nothing if there are
// too few runs for one.
func spread(samples []float64) string {
	if len(samples) < snapshot.MinSamples {
		return ""
	}
	text, _ := snapshot.Spread(snapshot.Summary(samples))
	return text
}

// writeOthers writes the figures of the rows without attempts: ceilings, threads, the harness.
func writeOthers(out io.Writer, s *snapshot.Snapshot) error {
	t := &table.Table{Left: 1}
	for _, row := range s.Rows() {
		if row.Sum(metrics.Attempts) > 0 {
			continue
		}
		name := row.Title()
		for _, v := range row.Results[0].Values {
			if v.OrigUnit == metrics.NsPerOp || v.Unit == metrics.NsPerOp {
				continue // says less than the other units
			}
			samples := row.Samples(v.Unit)
			text, unit := format.Number(snapshot.Median(samples)), v.Unit
			if v.OrigUnit != "" { // nanoseconds became seconds
				text, unit = format.Seconds(snapshot.Median(samples)), v.OrigUnit
			}
			t.Add(name, text+spread(samples), unit)
			name = ""
		}
	}
	if t.Width() == 0 {
		return nil // the snapshot has no such row
	}
	if _, err := t.WriteTo(out); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
