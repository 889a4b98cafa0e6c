// Package table writes tables of text for a terminal.
package table

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Table is a table of cells. All columns but the first Left ones are aligned to the right. A row
// with one cell is a heading that spans all columns, which may be wider than the others.
type Table struct {
	Left int
	rows [][]string
}

// Add adds a row, which may be shorter than others.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, cells) }

// Rows returns the number of rows.
func (t *Table) Rows() int { return len(t.rows) }

// gap is between two columns.
const gap = "  "

// WriteTo writes the table. Lines have no trailing spaces.
func (t *Table) WriteTo(out io.Writer) (n int64, err error) {
	var text strings.Builder
	widths := t.widths()
	for _, row := range t.rows {
		var line strings.Builder
		if len(row) == 1 {
			line.WriteString(row[0])
			row = nil
		}
		for i, cell := range row {
			if i > 0 {
				line.WriteString(gap)
			}
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < t.Left {
				line.WriteString(cell + padding)
			} else {
				line.WriteString(padding + cell)
			}
		}
		text.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	written, err := io.WriteString(out, text.String())
	return int64(written), err
}

// Width returns the number of columns on the terminal that the table takes, without headings.
func (t *Table) Width() int {
	total := 0
	for i, width := range t.widths() {
		if i > 0 {
			total += len(gap)
		}
		total += width
	}
	return total
}

// widths returns the width of each column.
func (t *Table) widths() (widths []int) {
	for _, row := range t.rows {
		if len(row) == 1 {
			continue
		}
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}
