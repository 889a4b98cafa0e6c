package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
	"busybench/scripts/internal/table"
)

// columns is the width of the answer.
const columns = 80

// writeAnswer writes the answer.
func writeAnswer(out io.Writer, a answer) error {
	var text strings.Builder
	text.WriteString(format.Wrap(a.introduction(), columns, "", "") + "\n\n")
	if _, err := a.table().WriteTo(&text); err != nil {
		return err
	}
	text.WriteString(a.marks() + "\n")
	if a.today == nil {
		a.paragraph(&text, "Not answered", "the time was over before today's settings were measured")
	} else {
		a.writeWhy(&text)
		a.writeSteps(&text)
	}
	a.writeLimit(&text)
	a.paragraph(&text, "Not shown", "Pauses between writes, work inside a transaction, readers, "+
		"a power cut. Writers here write without pause.")
	a.writeCommands(&text)
	_, err := io.WriteString(out, text.String())
	return err
}

// paragraph writes a text behind a heading in the left margin.
func (a answer) paragraph(text *strings.Builder, heading, body string) {
	const margin = 14
	text.WriteString(format.Wrap(body, columns, fmt.Sprintf("%-*s", margin, heading),
		strings.Repeat(" ", margin)) + "\n")
}

func (a answer) introduction() string {
	kind := "processes"
	if a.scenario.Exec == scenario.Goroutine {
		kind = "goroutines"
	}
	if a.scenario.Writers == 1 {
		kind = a.scenario.Exec
	}
	runs := 0
	if a.today != nil {
		runs = a.today.bursts
	}
	text := fmt.Sprintf("%d %s write to one SQLite file, %s in each transaction. %s, each with a "+
		"burst (all at one instant, once) and a sustained round (again and again, for %s) of each "+
		"setting.", a.scenario.Writers, kind, format.Count(a.scenario.Batch, "row"), format.Count(runs, "run"),
		roundLength)
	for _, c := range a.alone {
		if strings.Contains(c.name, "disk=append") {
			text += fmt.Sprintf(" The disk syncs %.0f times a second.", c.rate)
		}
	}
	return text
}

// beginnings says how a kind of transaction begins.
var beginnings = map[string]string{
	scenario.Auto: "INSERT", scenario.Deferred: "BEGIN", scenario.Immediate: "IMMEDIATE",
	scenario.Exclusive: "EXCLUSIVE", scenario.Upgrade: "BEGIN, read",
}

// table returns a row for each combination.
func (a answer) table() *table.Table {
	pooled := len(a.conns) > 1
	t := &table.Table{Left: 3}
	fourth := "if busy"
	if pooled {
		fourth = "conns"
	}
	t.Add("", "", "", "refused in", "refused in", "", "wait if written")
	t.Add("journal", "begins with", fourth, "bursts", "sustained", "rows/s", "median", "p99")
	for _, f := range a.rows {
		third := f.busy
		if pooled {
			third = map[string]string{scenario.Held: "each", scenario.Pool: "one"}[f.conn]
		}
		cells := []string{f.journal, beginnings[f.txn], third, f.burst.String(),
			f.sustained.String(), f.mark(format.Number(median(f.rates))),
			f.mark(seconds(median(f.p50))), f.mark(seconds(median(f.p99)))}
		if f.settings == a.matrix.today {
			cells = append(cells, "today")
		}
		t.Add(cells...)
	}
	return t
}

// mark puts a figure of a combination that refuses attempts in parentheses.
func (f figures) mark(text string) string {
	if f.refuses() {
		return "(" + text + ")"
	}
	return text
}

// marks explains what is in parentheses.
func (a answer) marks() string {
	for _, f := range a.rows {
		if f.refuses() {
			return format.Wrap(fmt.Sprintf("( ): over %.0f %% were refused, each a write less to wait "+
				"for. Do not compare.", 100*snapshot.MaxRefused), columns, "", "") + "\n"
		}
	}
	return ""
}

func median(samples []float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	return snapshot.Summary(samples).Center
}

func (r refused) String() string {
	return fmt.Sprintf("%s of %s", format.Number(r.errors), format.Number(r.attempts))
}

func seconds(v float64) string {
	if v == 0 {
		return "-" // nothing was acknowledged
	}
	return format.Seconds(v)
}

// writeWhy says why today's writes were refused.
func (a answer) writeWhy(text *strings.Builder) {
	r := a.today.refused()
	if r.errors == 0 {
		a.paragraph(text, "Locked?", fmt.Sprintf("No: today's settings refused none of %s attempts. %s",
			format.Number(r.attempts), a.today.bound()))
		return
	}
	sum := anatomy.Combine(a.today.kinds)
	if len(sum.Kinds) == 0 {
		a.paragraph(text, "Why locked", fmt.Sprintf("%v attempts were refused today.", r))
		return
	}
	e := sum.Kinds[0]
	cause, _, _ := strings.Cut(e.Advice, ": ")
	a.paragraph(text, "Why locked", fmt.Sprintf("%s. (%s of %s refusals today: %s, after %s)",
		cause, format.Number(float64(e.Count)), format.Number(r.errors), e.Name,
		format.Duration(time.Duration(e.Median))))
}

// bound says what a number of bursts without a lock error shows, and how little.
func (f *figures) bound() string {
	return fmt.Sprintf("%s without one allow a probability of up to %.0f %% for a burst with one "+
		"(95 %% confidence).", format.Count(f.bursts, "burst"), 100*metrics.UpperBound(0, f.bursts))
}

// writeSteps says what to change, in which order.
func (a answer) writeSteps(text *strings.Builder) {
	if len(a.steps) == 0 {
		a.paragraph(text, "Change first", "Nothing: no single change here is better beyond the noise.")
		return
	}
	for i, s := range a.steps {
		heading := "Then"
		if i == 0 {
			heading = "Change first"
		}
		r := remedyFor(s.from.settings, s.to.settings)
		a.paragraph(text, heading, r.name+": "+s.effect())
		for _, c := range r.calls {
			a.paragraph(text, "", c.library+": "+c.text)
		}
	}
}

// effect says by how much a change helps.
func (s step) effect() string {
	wait := fmt.Sprintf("p99 wait %s instead of %s", seconds(median(s.to.p99)),
		seconds(median(s.from.p99)))
	interval := fmt.Sprintf("%.2gx (95 %%: %.2g to %.2g)", s.ratio.Center, s.ratio.Low, s.ratio.High)
	switch s.why {
	case moreRows:
		return fmt.Sprintf("%s the rows/s, %s.", interval, wait)
	case shorterWaits:
		return fmt.Sprintf("%s the p99 wait, %s rows/s instead of %s.", interval,
			format.Number(median(s.to.rates)), format.Number(median(s.from.rates)))
	}
	text := fmt.Sprintf("%v refused instead of %v.", s.to.refused(), s.from.refused())
	if s.to.refused().errors == 0 {
		text += " " + s.to.bound()
	}
	return text
}

// writeLimit says how far the final settings carry.
func (a answer) writeLimit(text *strings.Builder) {
	under := "Today's settings, "
	if len(a.steps) > 0 {
		under = "With all of this, "
	}
	if a.limit == nil {
		a.paragraph(text, "How far", under+"not measured: the time was over.")
		return
	}
	a.paragraph(text, "How far", under+"in bursts: "+limit.Sentence(*a.limit))
}

// writeCommands says what to run next.
func (a answer) writeCommands(text *strings.Builder) {
	label := snapshot.Label(a.path)
	final := a.axesOf(a.final())
	a.paragraph(text, "Next", "make compare LABEL="+label+" BY=txn")
	for _, command := range []string{
		"make limit AXES='" + final + "'", "make timeline AXES='" + final + "'",
	} {
		a.paragraph(text, "", command)
	}
}
