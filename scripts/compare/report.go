package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// report is everything to print and to store.
type report struct {
	sources     []string // what each snapshot is, one line each
	comparisons []comparison
	selected    selection
	doubts      []string // sentences: warnings, and how two snapshots differ
	gate        *gate    // nil if there is none
}

// files returns the files to store.
func (r report) files() (files []snapshot.File) {
	for _, c := range r.comparisons {
		files = append(files, c.file)
	}
	return files
}

// String returns what to print: tables, warnings, the verdict, what the figures mean, and where the
// rest is.
func (r report) String() string {
	var text strings.Builder
	for _, c := range r.comparisons {
		text.WriteString(c.tables(r.selected))
	}
	for _, sentence := range r.doubts {
		text.WriteString(format.Wrap(sentence, format.Columns, "", "  ") + "\n")
	}
	if len(r.doubts) > 0 {
		text.WriteString("\n")
	}
	for _, c := range r.comparisons {
		text.WriteString(c.verdict(r.selected))
	}
	text.WriteString("\n")
	for _, note := range r.notes() {
		text.WriteString(format.Wrap(note, format.Columns, "", "  ") + "\n")
	}
	return strings.Join(r.sources, "\n") + "\n\n" + cut(text.String()) + r.paths()
}

// cut shortens the lines that are too long. Only a single word can be, such as an odd value.
func cut(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = shorten(line, width)
	}
	return strings.Join(lines, "\n")
}

// shorten cuts a text that is longer than some number of columns.
func shorten(text string, columns int) string {
	if utf8.RuneCountInString(text) <= columns {
		return text
	}
	return string([]rune(text)[:columns-1]) + "…"
}

// notes returns a paragraph each on what a reader must know.
func (r report) notes() (notes []string) {
	for _, c := range r.comparisons {
		notes = append(notes, c.describeLone()...)
	}
	if r.isMarked() {
		notes = append(notes, snapshot.RefusedNote+
			" An unmarked ratio of times is in favour of the side with fewer lock errors.")
	}
	if r.hasMax() {
		notes = append(notes, snapshot.MaxNote)
	}
	if note := r.maxWaits(); note != "" {
		notes = append(notes, note)
	}
	notes = append(notes, "±, [ ]: 95 % confidence interval of a median or a ratio. "+
		"If that of a ratio contains 1, p is over 0.05, and the runs do not show which value is "+
		"larger.")
	if r.comparisons[0].paired {
		return append(notes, "A ratio is the median over pairs of runs, one after the other, so "+
			"it can differ from the ratio of the medians. p, [ ]: signed-rank test of the pairs.")
	}
	return append(notes, "A ratio is the median over all pairs of an old and a new run, "+
		"so it can differ from the ratio of the medians. p, [ ]: U test. The runs were not made "+
		"in turns, so a change of the machine counts, too: make bench AB='old-binary new-binary'.")
}

// maxWaits says what bounds the longest waits of the tables in which busy varies.
func (r report) maxWaits() string {
	var scenarios []scenario.Scenario
	for _, c := range r.comparisons {
		for _, s := range c.sections {
			rows := s.rows()
			varied, _ := snapshot.SplitAxes(rows)
			if slices.Contains(varied, "busy") && len(r.selected.of(s.reports)) > 0 {
				scenarios = append(scenarios, snapshot.Scenarios(rows)...)
			}
		}
	}
	return snapshot.MaxWaitNote(scenarios)
}

// isMarked reports whether a figure is in parentheses.
func (r report) isMarked() bool {
	return r.has(func(row snapshot.Row, unit string) bool {
		return dependsOnRefusals(unit) && row.Refuses()
	})
}

// hasMax reports whether a quantile is a maximum.
func (r report) hasMax() bool { return r.has(snapshot.Row.IsMax) }

// has reports whether a row that is printed meets a condition in a unit that is printed.
func (r report) has(condition func(row snapshot.Row, unit string) bool) bool {
	for _, c := range r.comparisons {
		for _, s := range c.sections {
			for _, unit := range r.selected.of(s.reports) {
				if slices.ContainsFunc(s.rows(), func(row snapshot.Row) bool {
					return condition(row, unit)
				}) {
					return true
				}
			}
		}
	}
	return false
}

// describeLone names the rows that are not compared, in one sentence for each reason.
func (c comparison) describeLone() (sentences []string) {
	const limit = 3
	var reasons []string
	names := map[string][]string{}
	for _, l := range c.lone {
		if names[l.reason] == nil {
			reasons = append(reasons, l.reason)
		}
		names[l.reason] = append(names[l.reason], l.name)
	}
	for _, reason := range reasons {
		all := names[reason]
		text := reason + ": " + strings.Join(all[:min(limit, len(all))], "; ")
		if n := len(all) - limit; n > 0 {
			text += fmt.Sprintf("; %d more", n)
		}
		sentences = append(sentences, text+".")
	}
	return sentences
}

// paths says where the rest is.
func (r report) paths() string {
	text := "All units: UNITS=all, or benchstat's tables, stored in\n"
	for _, f := range r.files() {
		text += "  " + f.Path + "\n"
	}
	return text
}

// source says which snapshot is compared.
func source(name string, s *snapshot.Snapshot) string {
	text := name + s.Path
	if len(s.Revisions) > 0 {
		text += ", revision " + strings.Join(s.Revisions, ", ")
	}
	return text
}
