package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// writeAnswer writes the answer.
func writeAnswer(out io.Writer, a answer) error {
	var text strings.Builder
	text.WriteString(format.Wrap(a.introduction(), format.Columns, "", "") + "\n\n")
	if _, err := a.table().WriteTo(&text); err != nil {
		return err
	}
	text.WriteString(a.explainMarks() + "\n")
	if a.today == nil {
		paragraph(&text, "No answer", "The time was over before today's settings were measured.")
	} else {
		heading := "Why locked"
		if a.today.refused().errors == 0 {
			heading = "Locked?"
		}
		paragraph(&text, heading, a.why())
		a.writeSteps(&text)
		paragraph(&text, "How far", a.howFar())
	}
	paragraph(&text, "Not shown",
		"Pauses, work inside a transaction, readers, a power cut.")
	text.WriteString(a.nextCommand())
	_, err := io.WriteString(out, text.String())
	return err
}

// margin is the width of the headings beside the paragraphs.
const margin = 14

// paragraph writes a text behind a heading in the left margin.
func paragraph(text *strings.Builder, heading, body string) {
	text.WriteString(format.Wrap(body, format.Columns, fmt.Sprintf("%-*s", margin, heading),
		strings.Repeat(" ", margin)) + "\n")
}

// introduction says what was measured.
func (a answer) introduction() string {
	who := fmt.Sprintf("%d processes write", a.scenario.Writers)
	switch {
	case a.scenario.Writers == 1:
		who = "1 " + a.scenario.Exec + " writes"
	case a.scenario.Exec == scenario.Goroutine:
		who = fmt.Sprintf("%d goroutines write", a.scenario.Writers)
	}
	runs := 0
	if a.today != nil {
		runs = a.today.bursts
	}
	text := fmt.Sprintf("%s to one SQLite file, %s in each transaction. %s of each setting, each "+
		"with a burst (all at one instant, once) and a sustained round (again and again, for %s). "+
		"The first row is today's.", who, format.Count(a.scenario.Batch, "row"),
		format.Count(runs, "run"), roundLength)
	if a.syncs > 0 {
		text += fmt.Sprintf(" The disk syncs %s times a second.", format.Number(a.syncs))
	}
	return text
}

// why says why today's writes were refused.
func (a answer) why() string {
	r := a.today.refused()
	if r.errors == 0 {
		return fmt.Sprintf("No: 0 of %s attempts were refused. %s",
			format.Number(r.attempts), a.today.bound())
	}
	sum := anatomy.Combine(a.today.kinds)
	if len(sum.Kinds) == 0 {
		return fmt.Sprintf("%v attempts were refused.", r)
	}
	e := sum.Kinds[0]
	cause, _, _ := strings.Cut(e.Advice, ": ")
	count := "All " + format.Number(r.errors)
	if n := float64(e.Count); n < r.errors {
		count = format.Number(n) + " of " + format.Number(r.errors)
	}
	return fmt.Sprintf("%s. (%s: %s after %s.)", cause, count, e.Name,
		format.Duration(time.Duration(e.Median)))
}

// bound says how little a number of bursts without a lock error shows.
func (f *figures) bound() string {
	return fmt.Sprintf("None in %s: up to %.0f %% of bursts may still have one (95 %% bound).",
		format.Count(f.bursts, "burst"), 100*metrics.UpperBound(0, f.bursts))
}

// writeSteps says what to change, in which order, and what the first change is called elsewhere.
func (a answer) writeSteps(text *strings.Builder) {
	if len(a.steps) == 0 {
		paragraph(text, "Change first", "Nothing: no single change is better beyond the noise.")
		return
	}
	for i, s := range a.steps {
		r := remedyFor(s.from.settings, s.to.settings)
		if i > 0 {
			paragraph(text, "Then", r.name+": "+s.effect())
			continue
		}
		paragraph(text, "Change first", r.name+": "+s.effect())
		for _, line := range r.calls {
			fmt.Fprintf(text, "%*s%s\n", margin, "", line)
		}
	}
}

// effect says by how much a change helps.
func (s step) effect() string {
	interval := fmt.Sprintf("%.2gx (%.2g to %.2g)", s.ratio.Center, s.ratio.Low, s.ratio.High)
	switch s.why {
	case moreRows:
		return interval + " the rows/s."
	case shorterWaits:
		return interval + " the p99 wait."
	}
	text := fmt.Sprintf("%v refused, not %v.", s.to.refused(), s.from.refused())
	if s.to.refused().errors == 0 {
		text += " " + s.to.bound()
	}
	return text
}

// howFar says how many writers were not refused in bursts, and under which settings.
func (a answer) howFar() string {
	if a.limit == nil {
		return "Not measured: the time was over."
	}
	f, more := a.limit, ""
	if f.Failed == 0 {
		more = " or more"
	}
	return fmt.Sprintf("With %s %d%s at once (repeats: %d to %d).", a.searched, f.Passed,
		more, f.Low, f.High)
}

// nextCommand returns the command that searches longer, in two lines if one is too short.
func (a answer) nextCommand() string {
	command, axes := "Next: make limit", "AXES='"+a.axesOf(a.final())+"'"
	if line := command + " " + axes; len(line) <= format.Columns {
		return line + "\n"
	}
	return command + " \\\n    " + axes + "\n"
}
