// Package markdown writes tables of Markdown.
package markdown

import "strings"

// WriteRow writes a row of a table, with its cells escaped.
func WriteRow(text *strings.Builder, cells []string) {
	escaped := make([]string, len(cells))
	for i, cell := range cells {
		escaped[i] = Escape(cell)
	}
	WriteCells(text, escaped...)
}

// WriteCells writes a row of a table whose cells are Markdown.
func WriteCells(text *strings.Builder, cells ...string) {
	text.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// Escape returns a text that Markdown shows as it is.
func Escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;",
		"`", "\\`", "~", `\~`).Replace(text)
}
