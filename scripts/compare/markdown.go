package main

import (
	"fmt"
	"strings"

	"busybench/bench/metrics"
	"busybench/scripts/internal/markdown"
	"busybench/scripts/internal/snapshot"
)

// markdown returns the report for a pull request: what [report.String] prints, with tables of
// Markdown, which have one line for each row.
func (r report) markdown() string {
	var text strings.Builder
	for _, source := range r.sources {
		text.WriteString("- " + markdown.Escape(source) + "\n")
	}
	for _, c := range r.comparisons {
		for _, s := range c.sections {
			if units := r.selected.Of(s.reports); len(units) > 0 {
				c.writeMarkdown(&text, s, units)
			}
		}
	}
	text.WriteString("\n```\n")
	for _, c := range r.comparisons {
		text.WriteString(c.verdict(r.selected))
	}
	text.WriteString("```\n")
	for _, note := range r.notes() {
		text.WriteString("\n" + markdown.Escape(note) + "\n")
	}
	if r.gate != nil {
		text.WriteString("\n") // what the gate says is a paragraph of its own
	}
	return text.String()
}

// writeMarkdown writes the table of a section.
func (c comparison) writeMarkdown(text *strings.Builder, s section, units []string) {
	compared := c.axis
	if compared == "" {
		compared = "snapshot"
	}
	title := strings.Join(strings.Fields(c.title(s)), " ")
	fmt.Fprintf(text, "\n**%s**\n\n", markdown.Escape(title))
	head, rule := []string{"row", compared}, []string{"---", "---"}
	for _, unit := range units {
		head, rule = append(head, snapshot.Heading(unit)), append(rule, "--:")
	}
	markdown.WriteRow(text, head)
	markdown.WriteRow(text, rule)
	fixed := c.fixed(s)
	for _, g := range s.groups {
		label := s.label(g, c.axis, fixed)
		if len(s.groups) == 1 {
			label = s.benchmark // the title has the rest
		}
		for i, row := range g {
			if row == nil {
				continue
			}
			cells := []string{label, c.values[i]}
			for _, unit := range units {
				cells = append(cells, c.cell(*row, *g[0], unit, i > 0))
			}
			markdown.WriteRow(text, cells)
		}
	}
}

// cell returns the figure of a row, followed by how it compares with that of the base.
func (c comparison) cell(row, base snapshot.Row, unit string, compare bool) string {
	text := row.Figure(unit)
	if unit == metrics.LockErrors {
		text = row.LockErrorFigure(0)
	}
	if !compare {
		return text
	}
	if difference := c.difference(row, base, unit); difference != "" {
		text += ", " + difference
	}
	return text
}
