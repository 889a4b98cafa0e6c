package main

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// tables returns a table with the points of each series.
func (c unitChart) tables() string {
	t := &table.Table{Left: 2}
	t.Add("revision", "date", snapshot.Heading(c.unit), "change", "")
	first := map[string]*series{}
	for _, s := range c.series {
		heading := s.name
		if other := first[s.name]; other != nil {
			heading += ", on another machine or with other settings: " + s.differs(other)
		} else {
			first[s.name] = s
		}
		t.Add(format.Wrap(heading, format.Columns, "", "  "))
		for _, p := range s.points {
			v := c.versions[p.version]
			t.Add("  "+v.revision, v.date, p.row.Figure(c.unit), p.change.ratio(), p.change.mark())
		}
	}
	var text strings.Builder
	t.WriteTo(&text) // never fails
	return text.String() + "\n"
}

// differs names what a series has and another one has not, or if it has all, the contrary.
func (s *series) differs(other *series) string {
	if own := missing(s.group, other.group); own != nil {
		return strings.Join(own, ", ")
	}
	return "without " + strings.Join(missing(other.group, s.group), ", ")
}

// missing returns the lines that another group does not have.
func missing(lines, group []string) (all []string) {
	for _, line := range lines {
		if !slices.Contains(group, line) {
			all = append(all, line)
		}
	}
	return all
}

// ratio formats the ratio with its interval. It is empty if there is none.
func (c change) ratio() string {
	if !c.known {
		return ""
	}
	return snapshot.Mark(c.Ratio.String(), c.refused)
}

// mark says which way a change goes. It is empty if there is none beyond doubt.
func (c change) mark() string {
	switch {
	case !c.isReal():
		return ""
	case c.Low > 1:
		return "higher"
	}
	return "lower"
}

func (c change) String() string { return c.mark() + ", " + c.ratio() }

// notes explains the tables, and says what they do not show.
func (h history) notes() string {
	var rows []snapshot.Row
	for _, v := range h.versions {
		rows = append(rows, v.Rows()...)
	}
	notes := snapshot.Notes(rows)
	notes = append(notes, "change: ratio to the version before, of the same machine and settings, "+
		"with its 95 % interval (U test). higher, lower: the interval excludes 1. Of 20 ratios "+
		"without a change, about one is marked by chance. The versions were not measured in "+
		"turns: a disk that changed counts, too.")
	for i := 1; i < len(h.versions); i++ {
		older, newer := h.versions[i-1], h.versions[i]
		for _, warning := range snapshot.Warnings(older.Snapshot, newer.Snapshot) {
			notes = append(notes, fmt.Sprintf("%s, then %s: %s.", older.revision, newer.revision,
				warning))
		}
	}
	var text strings.Builder
	for _, note := range append(notes, h.skipped...) {
		text.WriteString(format.Wrap(note, format.Columns, "", "  ") + "\n")
	}
	return text.String()
}
