package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// answer is stored beside the snapshot.
var answer = runner.SaveReport("answers.txt", "the answers", func(out io.Writer, m runner.Run) error { return writeAnswers(out, m.Snapshot) })

// writeAnswers writes a sentence for each combination of settings, in the order of the snapshot.
func writeAnswers(out io.Writer, s *snapshot.Snapshot) error {
	fmt.Fprintf(out, "How many writers can write at once? A number passes with %s.\nAnother search of the same kind ends within the interval that is given 99 times out of 100.\n\n", s.Results[0].GetConfig("limit"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range s.Rows() {
		if row.Benchmark() == "Limit" {
			fmt.Fprintf(w, "%s\t%s\n", strings.Join(snapshot.NameParts(row.Results[0]), "\t"), sentence(row))
		}
	}
	return w.Flush()
}

// sentence answers the question for one combination of settings, by the medians of the searches.
func sentence(row snapshot.Row) string {
	passed, failed := row.Median("writers"), row.Median("writers-fail")
	var text string
	switch {
	case failed == 0:
		text = fmt.Sprintf("At least %.0f writers pass, the most that were tried", passed)
	case passed == 0:
		text = "Not even 1 writer passes"
	default:
		text = fmt.Sprintf("%.0f writers pass, %.0f failed", passed, failed)
	}
	text += fmt.Sprintf("; another search: %.0f to %.0f.", row.Median("writers-low"), row.Median("writers-high"))
	if above := row.Median("writers-above"); above > 0 {
		text += fmt.Sprintf(" Not monotone: %.0f passed as well.", above)
	}
	return text
}
