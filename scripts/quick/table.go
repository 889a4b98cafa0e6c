package main

import (
	"fmt"
	"slices"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// beginnings says how a kind of transaction begins.
var beginnings = map[string]string{
	scenario.Auto: "INSERT", scenario.Deferred: "BEGIN", scenario.Immediate: "IMMEDIATE",
	scenario.Exclusive: "EXCLUSIVE", scenario.Upgrade: "BEGIN+read",
}

// table returns a row for each combination, with the settings that vary.
func (a answer) table() *table.Table {
	columns := a.settingColumns()
	t := &table.Table{Left: len(columns)}
	over, head := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.title
	}
	t.Add(append(over, "refused of", "attempts in", "", "wait if", "written")...)
	t.Add(append(head, "bursts", "rounds", "rows/s", "median", "p99")...)
	for _, f := range a.rows {
		var cells []string
		for _, c := range columns {
			cells = append(cells, c.value(f.settings))
		}
		m := f.main()
		p99 := wait(m.p99)
		if m.isMax {
			p99 += snapshot.MaxMark
		}
		t.Add(append(cells, f.burst.refused.short(), f.sustained.refused.short(),
			f.mark(format.Number(snapshot.Median(m.rates))), f.mark(wait(m.p50)),
			f.mark(p99))...)
	}
	return t
}

// settingColumn is a column of a setting.
type settingColumn struct {
	title string
	value func(settings) string
}

func (a answer) settingColumns() (columns []settingColumn) {
	columns = []settingColumn{
		{"journal", func(s settings) string { return s.journal }},
		{"begins", func(s settings) string { return beginnings[s.txn] }},
	}
	if len(a.busys) > 1 {
		columns = append(columns,
			settingColumn{"busy", func(s settings) string { return s.busy }})
	}
	if len(a.conns) > 1 {
		columns = append(columns,
			settingColumn{"conn", func(s settings) string { return s.conn }})
	}
	return columns
}

// mark puts a figure of a combination that refuses attempts in parentheses.
func (f figures) mark(text string) string { return snapshot.Mark(text, f.refuses()) }

// explainMarks explains the marks of the table, if it has any, and what bounds its waits.
func (a answer) explainMarks() (notes string) {
	if slices.ContainsFunc(a.rows, figures.refuses) {
		notes += format.Wrap(snapshot.RefusedNote, format.Columns, "", "") + "\n"
	}
	if slices.ContainsFunc(a.rows, func(f figures) bool { return f.main().isMax }) {
		notes += format.Wrap(snapshot.MaxNote, format.Columns, "", "") + "\n"
	}
	if note := a.maxWaits(); note != "" {
		notes += format.Wrap(note, format.Columns, "", "") + "\n"
	}
	return notes
}

// maxWaits says what bounds the longest waits of the table, if busy varies.
func (a answer) maxWaits() string {
	var scenarios []scenario.Scenario
	for _, f := range a.rows {
		conn := scenario.Fresh
		if f.sustained.rounds > 0 {
			conn = scenario.Held
		}
		s, err := scenario.Single(a.axesOf(f.settings), "writers=1 conn="+conn)
		if err == nil {
			scenarios = append(scenarios, s)
		}
	}
	return snapshot.MaxWaitNote(scenarios)
}

// wait formats the median of the runs' waits, in seconds.
func wait(samples []float64) string {
	v := snapshot.Median(samples)
	if v == 0 {
		return "-" // nothing was acknowledged
	}
	return format.Seconds(v)
}

func (r refused) String() string {
	return fmt.Sprintf("%s of %s", format.Number(r.errors), format.Number(r.attempts))
}

// short formats the counts for a narrow column.
func (r refused) short() string {
	if r.attempts == 0 {
		return "-"
	}
	return inThousands(r.errors) + "/" + inThousands(r.attempts)
}

// inThousands shortens a number over 99,999.
func inThousands(n float64) string {
	if n > 99_999 {
		return fmt.Sprintf("%.0fk", n/1000)
	}
	return format.Number(n)
}
