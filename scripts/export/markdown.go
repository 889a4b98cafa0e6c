package main

import (
	"fmt"
	"strings"

	"busybench/scripts/internal/markdown"
	"busybench/scripts/internal/snapshot"
)

// markdown returns a table of medians with their intervals for each benchmark.
func (d data) markdown() (string, error) {
	var text strings.Builder
	if d.Command != "" {
		fmt.Fprintf(&text, "%s\n", markdown.Escape(d.Command))
	}
	for _, g := range snapshot.Sections(d.Rows()) {
		if units := d.selected.Of(g.Units); len(units) > 0 {
			writeTable(&text, g, units)
		}
	}
	for _, doubt := range snapshot.Doubts(d.Snapshot) {
		fmt.Fprintf(&text, "\n%s\n", markdown.Escape(snapshot.Warning(doubt)))
	}
	for _, note := range snapshot.Notes(d.Rows()) {
		fmt.Fprintf(&text, "\n%s\n", markdown.Escape(note))
	}
	return text.String(), nil
}

func writeTable(text *strings.Builder, g snapshot.Section, units []string) {
	title := append([]string{g.Rows[0].Benchmark()}, g.Fixed...)
	fmt.Fprintf(text, "\n**%s**\n\n", markdown.Escape(strings.Join(title, " ")))
	var head, rule []string
	for _, axis := range g.Varied {
		head, rule = append(head, axis), append(rule, "---")
	}
	for _, unit := range units {
		head, rule = append(head, snapshot.Heading(unit)), append(rule, "--:")
	}
	markdown.WriteRow(text, head)
	markdown.WriteRow(text, rule)
	for _, row := range g.Rows {
		markdown.WriteRow(text, append(g.Values(row), row.Cells(units)...))
	}
}
