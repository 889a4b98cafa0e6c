package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// check prints that the gate is passed, or returns an error that lists what is worse. It returns
// another error if there are too few runs to find anything worse.
func (g *gate) check(stdout io.Writer) error {
	if worse := g.worse(); len(worse)+len(g.gone) > 0 {
		return g.failure(worse)
	}
	tests, able := g.count()
	if tests > 0 && able == 0 {
		return fmt.Errorf("the gate cannot judge %d figures by so few runs: "+
			"at this number of figures it needs %d; make both snapshots again with COUNT=%d",
			len(g.figures), neededRuns(tests), max(10, neededRuns(tests)))
	}
	text := fmt.Sprintf("gate: none of %s is shown to be worse by more than %s.",
		format.Count(len(g.figures), "figure"), g.threshold())
	text += g.room()
	if able < tests {
		text += fmt.Sprintf(" %d of the figures have too few runs to be judged: they need %d.",
			tests-able, neededRuns(tests))
	}
	for _, note := range g.notes(nil) {
		text += " " + note
	}
	_, err := io.WriteString(stdout, wrapUnbroken(text, "", "  "))
	return err
}

// failure returns the error that lists what is worse.
func (g *gate) failure(worse []figure) error {
	var lines []string
	add := func(text, first, rest string) {
		lines = append(lines, strings.TrimSuffix(wrapUnbroken(text, first, rest), "\n"))
	}
	for _, name := range g.gone {
		add(name+" is not in the new snapshot", "  ", "    ")
	}
	for _, f := range worse {
		text := fmt.Sprintf("%s %s %s, corrected %s", f.row, f.unit, f.change, formatP(f.adjusted))
		add(text, "  ", "    ")
	}
	for _, note := range g.notes(worse) {
		add(note, "", "  ")
	}
	head := fmt.Sprintf("%d of %d figures by more than %s", len(worse), len(g.figures),
		g.threshold())
	switch {
	case len(worse) == 0:
		head = format.Count(len(g.gone), "missing figure")
	case len(g.gone) > 0:
		head += ", " + format.Count(len(g.gone), "missing figure")
	}
	return fmt.Errorf("%w: %s\n%s", errGate, head, strings.Join(lines, "\n"))
}

// threshold says what the gate lets pass.
func (g *gate) threshold() string {
	points := "1 point"
	if p := g.points(); p != 1 {
		points = fmt.Sprintf("%v points", p)
	}
	return fmt.Sprintf("%v %% (lock errors: %s)", g.percent, points)
}

// count returns how many figures are tested, and for how many of them there are enough runs to be
// found worse.
func (g *gate) count() (tests, able int) {
	for _, f := range g.figures {
		if !f.constant {
			tests++
		}
	}
	for _, f := range g.figures {
		if !f.constant && ranktest.CanFind(f.minP, tests) {
			able++
		}
	}
	return tests, able
}

// neededRuns returns how many runs each snapshot must have so that one of a number of figures can
// be found worse.
func neededRuns(figures int) int {
	n := snapshot.MinSamples
	for !ranktest.CanFind(ranktest.MinGreater(n, n), figures) {
		n++
	}
	return n
}

// room says how much worse the rates and times may be, by their intervals, though the gate is
// passed.
func (g *gate) room() string {
	var worst []float64
	for _, f := range g.figures {
		if !math.IsNaN(f.worst) {
			worst = append(worst, max(0, f.worst))
		}
	}
	if len(worst) == 0 {
		return ""
	}
	slices.Sort(worst)
	return fmt.Sprintf(" This is no proof: by their 95 %% intervals, rates and times may be worse "+
		"by %.0f %% in the median figure, and by %.0f %% in the least certain one.",
		worst[len(worst)/2], worst[len(worst)-1])
}

// notes returns sentences on what the gate could not judge, and on what makes its verdict doubtful.
func (g *gate) notes(worse []figure) (notes []string) {
	if note := g.disk.describe(worse); note != "" {
		notes = append(notes, note)
	}
	for _, unit := range gatedUnits {
		if n := g.refusing[unit]; n > 0 {
			notes = append(notes, fmt.Sprintf("%s of %s is not judged: over %v %% of the "+
				"attempts ended in a lock error.", unit, format.Count(n, "row"),
				100*snapshot.MaxRefused))
		}
	}
	if !g.paired {
		notes = append(notes, "The runs were not made in turns, so a change of the machine "+
			"between them counts as one of the program: make bench AB='old-binary new-binary'.")
	}
	for _, warning := range g.warnings {
		notes = append(notes, snapshot.Warning(warning))
	}
	return notes
}
