package main

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// page is what the template shows. A part of it is empty if the snapshot has nothing for it.
type page struct {
	Label, Command, Again string
	Begun                 string // empty if unknown
	Revisions             []string
	Questions, Warnings   []string
	Answers               []answer
	Text                  string // report that the command stored beside the snapshot
	Tables                []table
	Notes                 []string
	Curves, Timelines     []picture
	TimelineNotes         []string
	LockErrors            []lockErrors
	NoLockErrors          string // said if there are none
	Others                []string
	Facts                 []fact
	Runs                  table
}

// table is a table of texts. Its first Left columns are aligned to the left. Fixed has the axes
// that have the same value in all rows.
type table struct {
	Title string
	Fixed string
	Left  int
	Head  []string
	Rows  [][]string
}

// IsNumber reports whether a column is aligned to the right.
func (t table) IsNumber(column int) bool { return column >= t.Left }

//go:embed page.html
var source string

var pageTemplate = template.Must(template.New("page").Parse(source))

func (p page) html() (string, error) {
	var text strings.Builder
	err := pageTemplate.Execute(&text, p)
	return text.String(), err
}

func newPage(s *snapshot.Snapshot) (p page, err error) {
	label := snapshot.Label(s.Path)
	p = page{
		Label: label, Command: s.Command, Begun: s.Begun(), Revisions: s.Revisions,
		Again: "make report LABEL=" + format.ShellWord(label), Warnings: snapshot.Doubts(s),
		Notes: snapshot.Notes(s.Rows()), NoLockErrors: describeNone(s),
		Facts: facts(s), Runs: runs(s),
	}
	sections := snapshot.Sections(s.Rows())
	for _, section := range sections {
		p.Tables = append(p.Tables, newTable(section))
		if q := question(section); !slices.Contains(p.Questions, q) {
			p.Questions = append(p.Questions, q)
		}
		if a := newAnswer(s, section); len(a.Sentences) > 0 {
			p.Answers = append(p.Answers, a)
		}
		p.LockErrors = append(p.LockErrors, explain(s, section)...)
		p.Others = append(p.Others, others(s, section)...)
	}
	if p.Text, err = readReport(s.Path); err != nil {
		return p, err
	}
	if p.Curves, err = drawCurves(s); err != nil {
		return p, err
	}
	p.Timelines, p.TimelineNotes, err = drawTimelines(s.Path)
	return p, err
}

// readReport returns the report beside a snapshot, or an empty text if there is none.
func readReport(path string) (string, error) {
	text, err := os.ReadFile(snapshot.Sibling(path, runner.ReportFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// newTable returns the medians of a section.
func newTable(s snapshot.Section) table {
	units := snapshot.Selection{}.Of(s.Units)
	t := table{
		Title: s.Rows[0].Benchmark(), Fixed: strings.Join(s.Fixed, " "), Left: len(s.Varied),
		Head: slices.Clone(s.Varied),
	}
	for _, unit := range units {
		t.Head = append(t.Head, snapshot.Heading(unit))
	}
	for _, row := range s.Rows {
		t.Rows = append(t.Rows, append(s.Values(row), row.Cells(units)...))
	}
	return t
}

// nameRow names a row by what varies in its section.
func nameRow(s snapshot.Section, row snapshot.Row) string {
	var words []string
	for i, value := range s.Values(row) {
		if value != "" {
			words = append(words, fmt.Sprintf("%s=%s", s.Varied[i], value))
		}
	}
	if words == nil {
		return row.Benchmark()
	}
	return strings.Join(words, " ")
}
