package main

import (
	"fmt"
	"strings"

	"busybench/scripts/internal/markdown"
)

const introduction = `# Published claims, measured here

"make claims" writes this file from [claims.txt](../scripts/claims/claims.txt) and the snapshots in
this directory. Each claim has conditions on the figures of snapshots. A condition is **confirmed**
if the whole 95 % interval of its figure fulfills it, **refuted** if none of the interval does, and
**undecided** otherwise. A claim **depends** if one of its conditions is confirmed and another one
is refuted. A verdict holds for the machine and the program of the snapshot. It says nothing about
the author's own machine: the last column has its setting, and what may explain a difference.

- Ratios are those of "make compare": of pairs of runs of one snapshot, with the interval of the
  signed-rank test. One in parentheses is biased by lock errors and decides nothing. Other figures
  are medians over the runs with their intervals.
- The interval of a share of lock errors is that of Clopper and Pearson over the attempts, extended
  to that of the median of the rounds, since attempts of one round are not independent. "No lock
  errors" is confirmed if there is none and the 95 % bound of their share is at most 0.1 %. Two
  shares are compared by the U test over the rounds.
- The intervals are not corrected for their number: about 5 of 100 miss the true value.
- "make claims ID=C14" measures the snapshots of a claim again and then prints its verdict.

`

// document returns the document with all verdicts.
func document(all claims, judged []judgement) string {
	var text strings.Builder
	text.WriteString(introduction + count(judged) + ".\n\n")
	markdown.WriteCells(&text, "id", "claim", "verdict", "measured here", "setting of the source; "+
		"what may explain a difference")
	markdown.WriteCells(&text, "---", "---", "---", "---", "---")
	for _, j := range judged {
		c := j.Claim
		source := fmt.Sprintf("[%s](%s), %s, %s: %s", markdown.Escape(c.Title), c.Link,
			markdown.Escape(c.Author), c.Year, markdown.Escape(c.Says))
		verdict := "**" + string(j.Verdict) + "**" + markdown.Escape(because(j))
		markdown.WriteCells(&text, c.ID, source, verdict, measured(j), settings(c))
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
		lines = append(lines, fmt.Sprintf("%s: %s: %s ([%s](%s.txt))", mark,
			markdown.Escape(f.Test.String()), markdown.Escape(f.Figure),
			f.Test.Label, f.Test.Label))
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
