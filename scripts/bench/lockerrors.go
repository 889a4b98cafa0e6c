package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"

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
		after := "after " + format.Seconds(float64(e.Median)/1e9)
		if time.Duration(e.Median) < time.Microsecond {
			after = "at once"
		}
		name := fmt.Sprintf("%s: %s of %s lock errors, %s%s",
			nameRow(row, varied), format.Number(float64(e.Count)),
			format.Number(float64(r.LockErrors)), after, describeRounds(row))
		names[text] = append(names[text], wrapUnbroken(name)+meanwhile(e.Blame))
	}
	for _, text := range order {
		for _, name := range names[text] {
			fmt.Fprintln(out, name)
		}
		_, err := fmt.Fprintf(out, "%s\n\n", format.Wrap(text, format.Columns, "  ", "  "))
		if err != nil {
			return err
		}
	}
	return nil
}

// wrapUnbroken breaks a line between words, but not between a number and its percent sign.
func wrapUnbroken(text string) string {
	text = strings.ReplaceAll(text, " %", "\u00a0%")
	return strings.ReplaceAll(format.Wrap(text, format.Columns, "", "  "), "\u00a0", " ")
}

// describeRounds says in how many rounds lock errors occurred, with the 95 % bound of their share.
// Of sustained rounds it adds how many writers met one. Of bursts and cold starts, in which that is
// the share of the attempts, it adds when the last row was acknowledged, or the last start
// succeeded: a round with a timeout lasts as long as the timeout, whatever its rate.
func describeRounds(row snapshot.Row) (text string) {
	rounds, hit := row.Sum(metrics.Rounds), row.Sum(metrics.LockErrorRounds)
	if rounds == 0 {
		return "" // an older snapshot
	}
	text = "; in every round"
	if hit < rounds {
		text = fmt.Sprintf("; in %s of %s rounds (at most %.0f %%)", format.Number(hit),
			format.Number(rounds), 100*metrics.UpperBound(int(hit), int(rounds)))
	}
	if last := row.Samples(metrics.LastAck); last == nil {
		writers := row.Samples(metrics.LockErrorWriters)
		text += fmt.Sprintf("; %.3g %% of the writers", stat.Mean(writers, nil))
	} else if snapshot.Median(last) > 0 {
		what := "row"
		if row.Samples(metrics.JournalErrors) != nil { // of a cold start
			what = "start"
		}
		text += "; last " + what + " after " + format.Seconds(snapshot.Median(last))
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
