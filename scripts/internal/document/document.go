// Package document writes reports on snapshots: paragraphs, and tables with a line for each row.
package document

import (
	"io"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// Document is a report while it is written. It consists of tables and paragraphs, each with an
// empty line after it.
type Document struct {
	Rows          []snapshot.Row
	Varied, Fixed []string // axes with several values; those with one, and that value
	text          strings.Builder
}

// New returns an empty report on a snapshot.
func New(s *snapshot.Snapshot) *Document {
	d := &Document{Rows: s.Rows()}
	d.Varied, d.Fixed = snapshot.SplitAxes(d.Rows)
	return d
}

// Paragraph adds a text, wrapped.
func (d *Document) Paragraph(text string) {
	d.text.WriteString(format.Wrap(text, format.Columns, "", "") + "\n\n")
}

// Table adds a table with a line for each row, under two lines of heads. The axes that vary come
// first.
func (d *Document) Table(heads [2][]string, cells func(snapshot.Row) []string) {
	t := &table.Table{Left: len(d.Varied)}
	t.Add(append(make([]string, len(d.Varied)), heads[0]...)...)
	t.Add(append(slices.Clone(d.Varied), heads[1]...)...)
	for _, row := range d.Rows {
		var axes []string
		for _, axis := range d.Varied {
			axes = append(axes, row.Value(axis))
		}
		t.Add(append(axes, cells(row)...)...)
	}
	t.WriteTo(&d.text) // a strings.Builder returns no error
	d.text.WriteString("\n")
}

// Write writes the report.
func (d *Document) Write(out io.Writer) error {
	_, err := io.WriteString(out, strings.TrimSuffix(d.text.String(), "\n"))
	return err
}

// Counts returns the sums of some units over all runs.
func Counts(row snapshot.Row, units ...string) (cells []string) {
	for _, unit := range units {
		cells = append(cells, format.Number(row.Sum(unit)))
	}
	return cells
}

// Max returns the largest value of a unit over all runs, 0 if there is none.
func Max(row snapshot.Row, unit string) float64 {
	return slices.Max(append([]float64{0}, row.Samples(unit)...))
}
