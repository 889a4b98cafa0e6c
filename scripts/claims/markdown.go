package main

import (
	"fmt"
	"strings"

	"busybench/scripts/internal/markdown"
)

const introduction = `# Published claims, measured here

Written by ` + "`make claims`" + ` from [claims.txt](../scripts/claims/claims.txt) and the snapshots in this
directory. Each claim has a condition on the figures of a snapshot. It is **confirmed** if the whole
95 % interval of the figure fulfills the condition, **refuted** if none of it does, and
**undecided** otherwise. It **depends** if one part of it is confirmed and another one is refuted.
A verdict holds for this machine (2 cores, ext4, Linux) and this program. It says nothing about the
author's own machine: the last column says what differs.

- Ratios are those of [make compare](../bench/README.md), pairs of runs of one snapshot, with the
  interval of the signed-rank test. In parentheses are those that lock errors bias; they decide
  nothing. Other figures are medians over the runs with their intervals.
- The interval of a share of lock errors is that of Clopper and Pearson over the attempts, extended
  to that of the median of the rounds, since attempts of one round are not independent. "No lock
  errors" needs a bound of at most 0.1 % of the attempts. Two shares are compared by the U test over
  rounds.
- The intervals are not corrected for their number: of 100 conditions that chance decides, up to
  five are decided wrongly.
- "make claims ID=C14" measures the snapshots of a claim again and then prints its verdict.

`

// document returns the document with all verdicts.
func document(all claims, judged []judgement) string {
	var text strings.Builder
	text.WriteString(introduction + count(judged) + ".\n\n")
	writeCells(&text, "id", "claim", "verdict", "measured here", "setting of the source; "+
		"what may explain a difference")
	writeCells(&text, "---", "---", "---", "---", "---")
	for _, j := range judged {
		c := j.Claim
		writeCells(&text, c.ID, fmt.Sprintf("[%s](%s), %s, %s: %s", markdown.Escape(c.Title), c.Link,
			markdown.Escape(c.Author), c.Year, markdown.Escape(c.Says)),
			"**"+string(j.Verdict)+"**"+markdown.Escape(because(j)), measured(j), settings(c))
	}
	text.WriteString("\n## Snapshots\n\n")
	unmeasured := missing(judged)
	for _, s := range all.Sources {
		line, err := s.command()
		if err != nil {
			panic(err) // the settings are part of the program
		}
		name := fmt.Sprintf("[%s](%s.txt)", s.Label, s.Label)
		if ids := unmeasured[s.Label]; len(ids) > 0 {
			name = fmt.Sprintf("%s, not measured yet (%s)", s.Label, strings.Join(ids, ", "))
		}
		fmt.Fprintf(&text, "- %s: `%s`\n", name, line)
	}
	return text.String()
}

// measured returns the figures of a claim's tests, each with its snapshot.
func measured(j judgement) string {
	var lines []string
	for _, f := range j.Findings {
		mark := map[verdict]string{confirmed: "yes", refuted: "no", undecided: "open"}[f.Verdict]
		lines = append(lines, fmt.Sprintf("%s: %s, [%s](%s.txt): %s", mark,
			markdown.Escape(f.Test.String()), f.Test.Label, f.Test.Label, markdown.Escape(f.Figure)))
	}
	if len(j.Missing) > 0 {
		lines = append(lines, "lacks "+strings.Join(j.Missing, ", "))
	}
	return strings.Join(lines, "<br>")
}

// settings returns the setting of a claim's source, and what differs from it here.
func settings(c claim) string {
	var parts []string
	for _, text := range []string{c.Setting, c.Differs} {
		if text != "" {
			parts = append(parts, markdown.Escape(text))
		}
	}
	return strings.Join(parts, "<br>")
}

func writeCells(text *strings.Builder, cells ...string) {
	text.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}
