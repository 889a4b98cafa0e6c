package main

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
)

// report is everything to print and to store.
type report struct {
	sources     []string // what each snapshot is, one line each
	comparisons []comparison
	selected    selection
	differences []string // of two snapshots, sentences
	gate        *gate    // nil if there is none
}

// files returns the files to store.
func (r report) files() (files []snapshot.File) {
	for _, c := range r.comparisons {
		files = append(files, c.file)
	}
	return files
}

// String returns what to print: tables, the verdict, what is to be known of both, and where the
// rest is.
func (r report) String() string {
	var text strings.Builder
	for _, source := range r.sources {
		text.WriteString(format.Wrap(source, width, "", "  ") + "\n")
	}
	text.WriteString("\n")
	for _, c := range r.comparisons {
		text.WriteString(c.tables(r.selected))
	}
	for _, c := range r.comparisons {
		text.WriteString(c.verdict(r.selected))
	}
	text.WriteString("\n")
	for _, note := range r.notes() {
		text.WriteString(format.Wrap(note, width, "", "  ") + "\n")
	}
	text.WriteString(r.paths())
	return text.String()
}

// notes returns a paragraph each on what a reader must know.
func (r report) notes() (notes []string) {
	notes = append(notes, r.differences...)
	for _, c := range r.comparisons {
		notes = append(notes, c.describeLone()...)
	}
	if r.isMarked() {
		const format = "( ): over %.0f %% of the attempts ended in a lock error. " +
			"Such an attempt is short, and others have less to wait for: do not compare these " +
			"figures. A ratio without ( ) is in favour of the side with fewer lock errors."
		notes = append(notes, fmt.Sprintf(format, 100*snapshot.MaxRefused))
	}
	return append(notes, "±, [ ]: 95 % confidence interval of a median or a ratio. "+
		"If that of a ratio contains 1, the runs do not show which value is larger. p: U test.")
}

// isMarked reports whether a figure is in parentheses.
func (r report) isMarked() bool {
	for _, c := range r.comparisons {
		for _, s := range c.sections {
			if slices.ContainsFunc(r.selected.of(s.reports), dependsOnRefusals) &&
				slices.ContainsFunc(s.rows(), refuses) {
				return true
			}
		}
	}
	return false
}

// describeLone names the rows without a counterpart, in one line for each value.
func (c comparison) describeLone() (lines []string) {
	const limit = 3
	for i := range c.values {
		var names []string
		for _, l := range c.lone {
			if l.value == c.name(i) {
				names = append(names, l.name)
			}
		}
		if len(names) == 0 {
			continue
		}
		more := ""
		if n := len(names) - limit; n > 0 {
			names, more = names[:limit], fmt.Sprintf("; %d more", n)
		}
		lines = append(lines,
			fmt.Sprintf("Only %s: %s%s.", c.name(i), strings.Join(names, "; "), more))
	}
	return lines
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
