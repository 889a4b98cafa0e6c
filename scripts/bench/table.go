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

// writeTable writes a line for each row of one benchmark: inserts/s, lock errors (the sum over all
// runs), and how long attempts took. If there are lock errors, the times of acknowledged attempts
// stand beside those of all. The axes with one value are above the table.
func writeTable(out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row) error {
	varied, fixed := snapshot.SplitAxes(rows)
	title := rows[0].Benchmark() + ", all rows with " + strings.Join(fixed, " ")
	fmt.Fprintf(out, "%s\n\n", format.Wrap(title, columns, "", "  "))
	refused := slices.ContainsFunc(rows, func(row snapshot.Row) bool {
		return row.Sum(metrics.LockErrors) > 0 && row.Samples(metrics.AckedP50) != nil
	})
	t := &table.Table{Left: len(varied)}
	blank := make([]string, len(varied))
	if refused {
		t.Add(append(blank, "", "", "lock errors", "all", "attempts", "acked", "acked")...)
	} else {
		t.Add(append(blank, "", "", "lock errors")...)
	}
	head := append(slices.Clone(varied), "inserts/s", "%", "/attempts", "p50", "p99")
	if refused {
		head = append(head, "p50", "p99")
	}
	t.Add(head...)
	for _, row := range rows {
		t.Add(cells(row, varied, refused)...)
	}
	if _, err := t.WriteTo(out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return writeLockErrors(out, s, rows, varied)
}

// columns is the width of running text.
const columns = 80

// cells returns a line of the table.
func cells(row snapshot.Row, varied []string, refused bool) (cells []string) {
	for _, axis := range varied {
		cells = append(cells, row.Value(axis))
	}
	attempts, errors := row.Sum(metrics.Attempts), row.Sum(metrics.LockErrors)
	mark := func(text string) string {
		if errors > snapshot.MaxRefused*attempts {
			return "(" + text + ")"
		}
		return text
	}
	rates, p99s := row.Samples(metrics.InsertsPerSecond), row.Samples(metrics.P99)
	cells = append(cells, mark(format.Number(center(rates))+spread(rates)),
		fmt.Sprintf("%.3g", 100*errors/attempts),
		format.Number(errors)+"/"+format.Number(attempts),
		mark(format.Seconds(row.Median(metrics.P50))),
		mark(format.Seconds(center(p99s))+spread(p99s)))
	if !refused {
		return cells
	}
	for _, unit := range []string{metrics.AckedP50, metrics.AckedP99} {
		text := "-" // none was acknowledged
		if v := row.Median(unit); v > 0 {
			text = format.Seconds(v)
		}
		cells = append(cells, text)
	}
	return cells
}

func center(samples []float64) float64 { return snapshot.Summary(samples).Center }

// spread returns the 95 % confidence interval of a median as a share of it, or nothing if there are
// too few runs for one.
func spread(samples []float64) string {
	if len(samples) < snapshot.MinSamples {
		return ""
	}
	return "±" + snapshot.Summary(samples).PctRangeString()
}

// writeOthers writes the figures of the rows without attempts: ceilings, threads, the harness.
func writeOthers(out io.Writer, s *snapshot.Snapshot) error {
	t := &table.Table{Left: 1}
	for _, row := range s.Rows() {
		if row.Sum(metrics.Attempts) > 0 {
			continue
		}
		name := describe(row)
		for _, v := range row.Results[0].Values {
			if v.OrigUnit == metrics.NsPerOp || v.Unit == metrics.NsPerOp {
				continue // says less than the other units
			}
			samples := row.Samples(v.Unit)
			text, unit := format.Number(center(samples)), v.Unit
			if v.OrigUnit != "" { // nanoseconds became seconds
				text, unit = format.Seconds(center(samples)), v.OrigUnit
			}
			t.Add(name, text+spread(samples), unit)
			name = ""
		}
	}
	if _, err := t.WriteTo(out); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
