package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"busybench/bench/anatomy"
	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

// writeAnswer writes the answer. dir is the directory that was measured.
func writeAnswer(out io.Writer, a answer, dir string) error {
	var text strings.Builder
	text.WriteString(format.Wrap(a.introduction(), format.Columns, "", "") + "\n")
	if line := describeLibraries(a.libraries); line != "" {
		text.WriteString(format.Wrap(line, format.Columns, "", "") + "\n")
	}
	text.WriteString(snapshot.WarningLines(append(a.warnings, warnOfBugs(a.libraries)...)) + "\n")
	if _, err := a.table().WriteTo(&text); err != nil {
		return err
	}
	text.WriteString(a.explainMarks() + "\n" + a.verdict(dir))
	_, err := io.WriteString(out, text.String())
	return err
}

// maxLines is the number of lines that the verdict has at most.
const maxLines = 12

// verdict returns what is below the table. What was not measured is left out if there is no room.
func (a answer) verdict(dir string) string {
	var text, rest strings.Builder
	if a.today == nil {
		paragraph(&text, "No answer", "The time was over before today's settings were measured.")
	} else {
		a.writeWhy(&text)
		a.writeSteps(&text)
		a.writeHowFar(&text)
	}
	paragraph(&rest, "Not shown", "Pauses, work inside a transaction, readers, a power cut.")
	next := a.nextCommand(dir)
	if strings.Count(text.String()+rest.String()+next, "\n") > maxLines {
		return text.String() + next
	}
	return text.String() + rest.String() + next
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
	what := format.Count(a.scenario.Batch, "row")
	if a.sql != "" {
		what = format.Count(a.scenario.Batch, "run") + " of " + filepath.Base(a.sql)
	}
	text := fmt.Sprintf("%s to one SQLite file, %s in each transaction: %s in which all write at "+
		"one instant, once, and %s", who, what,
		format.Count(a.count(func(f figures) int { return f.burst.rounds }), "burst"), a.rounds())
	if a.syncs > 0 {
		text += fmt.Sprintf(" The disk%s syncs %s times a second.", a.inFilesystem(),
			format.Number(a.syncs))
	}
	return text
}

// inFilesystem names the filesystem, in parentheses. It is empty if that is not known.
func (a answer) inFilesystem() string {
	if a.filesystem == "" {
		return ""
	}
	return " (" + a.filesystem + ")"
}

// rounds says how many sustained rounds there were.
func (a answer) rounds() string {
	n := a.count(func(f figures) int { return f.sustained.rounds })
	if n == 0 {
		return fmt.Sprintf("no sustained rounds, which may each take as long as busy=%v allows.",
			a.scenario.Busy)
	}
	return fmt.Sprintf("%s, in which they write again and again for %s. The first row is today's.",
		format.Count(n, "sustained round"), roundLength)
}

// count returns the count of today's settings.
func (a answer) count(of func(figures) int) int {
	if a.today == nil {
		return 0
	}
	return of(*a.today)
}

// writeWhy says why today's writes were refused.
func (a answer) writeWhy(text *strings.Builder) {
	r := a.today.refused()
	sum := anatomy.Combine(a.today.kinds)
	if r.errors == 0 || len(sum.Kinds) == 0 {
		body := fmt.Sprintf("No: 0 of %s attempts were refused.", format.Number(r.attempts))
		txn := a.matrix.today.txn
		if a.sql == "" && (txn == scenario.Auto || txn == scenario.Deferred) {
			body += " If yours is, it may read before it writes: make quick TXN=upgrade."
		}
		paragraph(text, "Locked?", body)
		return
	}
	e := sum.Kinds[0]
	cause, _, _ := strings.Cut(e.Advice, ": ")
	if n := float64(e.Count); n < r.errors {
		cause += fmt.Sprintf(" (%s of %s)", format.Number(n), format.Number(r.errors))
	}
	paragraph(text, "Why locked", cause+".")
}

// writeSteps says what to change, in which order, and what the first change is called elsewhere.
func (a answer) writeSteps(text *strings.Builder) {
	perhaps, unproven := a.unproven()
	switch {
	case len(a.steps) > 0 || unproven:
	case a.count(func(f figures) int { return len(f.main().rates) }) < snapshot.MinMeanPairs:
		paragraph(text, "Change first", "Too few rounds to say. Fewer WRITERS take less time.")
	default:
		paragraph(text, "Change first", "Nothing: no single change is better beyond the noise.")
	}
	for i, s := range a.steps {
		r := remedyFor(a.scenario.Exec, s.from.settings, s.to.settings)
		if i > 0 {
			paragraph(text, "Then", fmt.Sprintf("%s (%s): %s", r.name, r.how, a.effect(s)))
			continue
		}
		paragraph(text, "Change first", r.name+": "+a.effect(s))
		writeCalls(text, r)
	}
	if !unproven {
		return
	}
	r := remedyFor(a.scenario.Exec, perhaps.from.settings, perhaps.to.settings)
	if len(a.steps) > 0 {
		paragraph(text, "Then perhaps",
			fmt.Sprintf("%s (%s): too few rounds to say.", r.name, r.how))
		return
	}
	paragraph(text, "Perhaps", fmt.Sprintf("%s: refused %s, not %s, in too few rounds to be sure.",
		r.name, perhaps.to.counts(), perhaps.from.shortCounts()))
	writeCalls(text, r)
}

// writeCalls says what a remedy is called in libraries.
func writeCalls(text *strings.Builder, r remedy) {
	for _, line := range r.calls {
		fmt.Fprintf(text, "%*s%s\n", margin, "", line)
	}
}

// effect says by how much a change helps. Its intervals and bounds of 95 % are those of all changes
// together: the one that looks best is chosen from them.
func (a answer) effect(s step) string {
	switch s.why {
	case moreRows:
		return formatRatio(s.rates) + " the rows/s."
	case shorterWaits:
		wait := "p99"
		if s.from.main().isMax || s.to.main().isMax {
			wait = "longest"
		}
		return fmt.Sprintf("%s the %s wait, %s the rows/s.", formatRatio(s.waits), wait,
			formatRatio(s.rates))
	}
	text := fmt.Sprintf("refused %s, not %s.", s.to.counts(), s.from.shortCounts())
	if n := s.to.burst.rounds; s.to.burst.hit == 0 && n > 0 {
		confidence := 1 - maxError/float64(max(1, len(a.rows)-1)) // of each but today's
		text += fmt.Sprintf(" Still in up to %.0f %% of bursts (95 %% bound).",
			100*metrics.UpperBoundAt(0, n, confidence))
	}
	return text
}

func formatRatio(r snapshot.Ratio) string {
	return fmt.Sprintf("%sx (95 %%: %s to %s)",
		format.Factor(r.Center), format.Factor(r.Low), format.Factor(r.High))
}

// counts formats the lock errors as the table has them, and says of which rounds they are.
func (f figures) counts() string {
	text := f.burst.refused.short() + " in bursts"
	if f.sustained.rounds > 0 {
		text += " and " + f.sustained.refused.short() + " in rounds"
	}
	return text
}

// shortCounts formats the lock errors in the order of [figures.counts].
func (f figures) shortCounts() string {
	text := f.burst.refused.short()
	if f.sustained.rounds > 0 {
		text += " and " + f.sustained.refused.short()
	}
	return text
}

// writeHowFar says how many writers were not refused in bursts, under the recommended settings.
func (a answer) writeHowFar(text *strings.Builder) {
	heading := "How far then"
	if len(a.steps) == 0 {
		heading = "How far today"
	}
	if a.limit == nil {
		paragraph(text, heading, "Not measured.")
		return
	}
	f := *a.limit
	found := fmt.Sprintf("%d at once pass, %d fail", f.Passed, f.Failed)
	switch {
	case f.Failed == 0:
		found = fmt.Sprintf("No lock error up to %d, the most tried", f.Passed)
	case f.CutShort > 0:
		found += ", cut short"
	}
	paragraph(text, heading, fmt.Sprintf("%s (repeats: %d to %d, 95 %%).", found, f.Low, f.High))
}

// nextCommand returns the command that searches longer, in two lines if one is too short.
func (a answer) nextCommand(dir string) string {
	line, axes := "Next make limit", "AXES='"+a.axesOf(a.final())+"'"
	if a.sql != "" {
		line += " SQL=" + format.ShellWord(a.sql)
	}
	if dir != command.Quick.Default("DIR") {
		line += " DIR=" + format.ShellWord(dir)
	}
	if len(line)+1+len(axes) <= format.Columns {
		return line + " " + axes + "\n"
	}
	return line + " \\\n    " + axes + "\n"
}
