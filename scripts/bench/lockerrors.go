package main

import (
	"fmt"
	"io"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// writeLockErrors explains the lock errors of each row that has any: the kind that most of them
// are, with its cause and what to do. Rows of the same kind share the text.
func writeLockErrors(
	out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row, varied []string,
) error {
	var order []string
	names := map[string][]string{}
	for _, row := range rows {
		r := s.LockErrors(row)
		if len(r.Kinds) == 0 {
			continue
		}
		e := r.Kinds[0]
		text := e.Name + ". " + e.Advice
		if names[text] == nil {
			order = append(order, text)
		}
		names[text] = append(names[text], fmt.Sprintf("%s: %s of %s lock errors, after %s%s",
			nameRow(row, varied), format.Number(float64(e.Count)),
			format.Number(float64(r.LockErrors)), format.Seconds(float64(e.Median)/1e9),
			describeRounds(row)))
	}
	for _, text := range order {
		for _, name := range names[text] {
			fmt.Fprintln(out, format.Wrap(name, format.Columns, "", "  "))
		}
		_, err := fmt.Fprintf(out, "%s\n\n", format.Wrap(text, format.Columns, "  ", "  "))
		if err != nil {
			return err
		}
	}
	return nil
}

// describeRounds says how many rounds had lock errors, with the 95 % bound of their share, how many
// writers met one, and, in bursts, when the last row was acknowledged: a round with a timeout lasts
// as long as the timeout, whatever its rate.
func describeRounds(row snapshot.Row) (text string) {
	rounds, hit := row.Sum(metrics.Rounds), row.Sum(metrics.LockErrorRounds)
	if rounds == 0 {
		return "" // an older snapshot
	}
	text = fmt.Sprintf("; in %.0f of %.0f rounds (at most %.0f %% of all, 95 %%)", hit, rounds,
		100*metrics.UpperBound(int(hit), int(rounds)))
	text += fmt.Sprintf("; %.3g %% of the writers", row.Median(metrics.LockErrorWriters))
	if last := row.Median(metrics.LastAck); last > 0 {
		text += "; last row after " + format.Seconds(last)
	}
	return text
}

// nameRow names a row by the axes that vary.
func nameRow(row snapshot.Row, varied []string) string {
	if len(varied) == 0 {
		return row.Benchmark()
	}
	var words []string
	for _, axis := range varied {
		words = append(words, row.Value(axis))
	}
	return strings.Join(words, " ")
}

// writeNotes explains the marks of the tables, and says what is missing for intervals.
func writeNotes(out io.Writer, s *snapshot.Snapshot) error {
	var notes []string
	runs, marked, isMax := 0, false, false
	for _, row := range s.Rows() {
		isMax = isMax || row.P99IsMax()
		runs = max(runs, len(row.Results))
		marked = marked || row.Refuses()
	}
	if marked {
		notes = append(notes, snapshot.RefusedNote)
	}
	if isMax {
		notes = append(notes, maxMark+": the maximum. A run has 100 attempts or fewer, too few "+
			"for a p99.")
	}
	if runs < snapshot.MinSamples {
		text := fmt.Sprintf("%d runs", runs)
		if runs == 1 {
			text = "1 run"
		}
		notes = append(notes, fmt.Sprintf("%s: too few for intervals, which need COUNT=%d or more.",
			text, snapshot.MinSamples))
	}
	for _, note := range notes {
		if _, err := fmt.Fprintln(out, format.Wrap(note, format.Columns, "", "")); err != nil {
			return err
		}
	}
	return nil
}
