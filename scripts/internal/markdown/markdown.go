// Package markdown writes tables of Markdown.
package markdown

import "strings"

// WriteRow writes a row of a table, with its cells escaped.
func WriteRow(text *strings.Builder, cells []string) {
	for _, cell := range cells {
		text.WriteString("| " + Escape(cell) + " ")
	}
	text.WriteString("|\n")
}

// Escape returns a text that Markdown shows as it is.
func Escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;",
		"`", "\\`", "~", `\~`).Replace(text)
}
