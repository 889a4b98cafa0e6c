package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/bench/format"
)

// writeVerdicts prints some claims with their verdicts and figures.
func writeVerdicts(out io.Writer, all []judgement, ids []string) error {
	var text strings.Builder
	for _, j := range all {
		if !slices.Contains(ids, j.Claim.ID) {
			continue
		}
		c := j.Claim
		line := func(indent, words string) {
			text.WriteString(format.Wrap(words, format.Columns, indent, indent+"  ") + "\n")
		}
		line("", fmt.Sprintf("%s %s (%s, %s)", c.ID, c.Title, c.Author, c.Year))
		line("  ", c.Says)
		line("  ", "here: "+string(j.Verdict)+because(j))
		for _, f := range j.Findings {
			line("    ", fmt.Sprintf("%s: %s, %s", f.Verdict, f.Test, f.Figure))
		}
		if c.Differs != "" {
			line("  ", "may differ: "+c.Differs)
		}
		text.WriteString("\n")
	}
	_, err := fmt.Fprintf(out, "%sAll verdicts are in %s.\n", &text, resultFile)
	return err
}

// because says what a verdict depends on, or why there is none.
func because(j judgement) string {
	switch j.Verdict {
	case undecidable:
		return ": " + j.Claim.Reason
	case unmeasured:
		return ": make claims ID=" + j.Claim.ID
	}
	var parts []string
	for _, v := range []verdict{confirmed, refuted, undecided} {
		some, rest := split(j.Findings, v)
		if len(some) > 0 && len(rest) > 0 {
			parts = append(parts, string(v)+" with "+nameTests(some, rest))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// split returns the tests that have a verdict, and the rest.
func split(findings []finding, v verdict) (some, rest []test) {
	for _, f := range findings {
		if f.Verdict == v {
			some = append(some, f.Test)
		} else {
			rest = append(rest, f.Test)
		}
	}
	return some, rest
}

// count returns how many claims have each verdict, in words.
func count(all []judgement) string {
	n := map[verdict]int{}
	for _, j := range all {
		n[j.Verdict]++
	}
	var parts []string
	for _, v := range verdicts {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
		}
	}
	return fmt.Sprintf("%d claims: %s", len(all), strings.Join(parts, ", "))
}

// writeSummary prints how many claims have each verdict, and the commands for those without one.
func writeSummary(out io.Writer, c claims, all []judgement) error {
	var text strings.Builder
	text.WriteString(format.Wrap(count(all)+".", format.Columns, "", "") + "\n")
	if missing := missing(all); len(missing) > 0 {
		text.WriteString("\nNot measured yet:\n")
		for _, s := range c.Sources {
			ids := missing[s.Label]
			if len(ids) == 0 {
				continue
			}
			line, err := s.command()
			if err != nil {
				return err
			}
			text.WriteString(format.Wrap(strings.Join(ids, ", ")+": "+line, format.Columns,
				"  ", "    ") + "\n")
		}
	}
	_, err := fmt.Fprintf(out, "%s\nAll verdicts are in %s.\n", &text, resultFile)
	return err
}

// missing returns the ids of the claims that lack a snapshot, by its label.
func missing(all []judgement) map[string][]string {
	ids := map[string][]string{}
	for _, j := range all {
		for _, label := range j.Missing {
			ids[label] = append(ids[label], j.Claim.ID)
		}
	}
	return ids
}
