package main

import (
	"fmt"
	"io"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// maxStatements is the max number of lines on statements below a table.
const maxStatements = 60

// statementsNote explains the columns on statements.
const statementsNote = "Runs after the deadline of a round are included. mean: without waiting " +
	"for a lock, if the driver knows how long that was; max: with it; waited: by all runs together."

// writeStatements says how the statements of an SQL file ran in each row.
func writeStatements(
	out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row, varied []string,
) error {
	t := &table.Table{Left: 1}
	t.Add("", "runs", "mean", "max", "waited", "lock errors")
	for _, row := range rows {
		comments := s.Statements(row)
		if len(comments) > 0 && len(rows) > 1 {
			t.Add(nameRow(row, varied))
		}
		for _, c := range comments {
			t.Add("  "+c.Statement.String(), format.Number(float64(c.Runs)),
				format.Duration(c.Mean), format.Duration(c.Max), format.Duration(c.Waited),
				format.Number(float64(c.LockErrors)))
		}
	}
	if t.Rows() == 1 {
		return nil // there is no such file
	}
	name := sqlName(rows[0].Results[0].GetConfig("sql"))
	if t.Rows() > maxStatements {
		text := fmt.Sprintf("Statements of %s: see the comments of %s.", name, s.Path)
		_, err := fmt.Fprintf(out, "%s\n\n", format.Wrap(text, format.Columns, "", "  "))
		return err
	}
	fmt.Fprintf(out, "Statements of %s, in all runs:\n\n", name)
	if _, err := t.WriteTo(out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s\n\n", format.Wrap(statementsNote, format.Columns, "", ""))
	return err
}

// sqlName returns the name of the file in a header line, which has its hash, too.
func sqlName(line string) string {
	name, _, _ := strings.Cut(line, " sha256:")
	return name
}
