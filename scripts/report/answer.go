package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// questions are what the benchmarks answer.
var questions = map[string]string{
	"Burst": "What happens if writers write to one SQLite file at the same instant, once?",
	"Sustained": "What happens if writers write to one SQLite file again and again: how many " +
		"rows per second, and how long does each wait?",
	"Open":    "What happens if several programs open and migrate one SQLite file at once?",
	"Limit":   "How many writers, or writes per second, does one SQLite file take?",
	"Ceiling": "What do the disk and the driver allow?",
	"Threads": "How many threads do goroutines cost while they wait?",
	"Faults":  "Is an acknowledged row lost if writers are killed?",
	"Harness": "What does the harness itself cost?",
}

// question returns the question of a section.
func question(s snapshot.Section) string {
	name := s.Rows[0].Benchmark()
	if q, ok := questions[name]; ok {
		return q
	}
	return "What does " + name + " measure?"
}

// answer is what a section shows, in sentences.
type answer struct {
	Title     string
	Sentences []string
}

// newAnswer returns the answer of a section. It has no sentences if there is nothing to add to its
// table.
func newAnswer(s *snapshot.Snapshot, section snapshot.Section) answer {
	a := answer{Title: section.Rows[0].Benchmark()}
	if slices.Contains(section.Units, metrics.Attempts) &&
		slices.Contains(section.Units, metrics.LockErrors) {
		a.Sentences = append(a.Sentences, refusals(section))
	}
	if slices.Contains(section.Units, metrics.Kills) {
		a.Sentences = append(a.Sentences, losses(section))
	}
	if slices.Contains(section.Units, metrics.P50) {
		a.Sentences = append(a.Sentences, rates(section)...)
	}
	for _, axis := range section.Varied {
		a.Sentences = append(a.Sentences, effects(s, section, axis)...)
	}
	return a
}

// refusals says how many attempts ended in a lock error, and of which row most did.
func refusals(s snapshot.Section) string {
	var errors, attempts float64
	worst, without := s.Rows[0], 0
	for _, row := range s.Rows {
		errors, attempts = errors+row.Sum(metrics.LockErrors), attempts+row.Sum(metrics.Attempts)
		if row.LockErrorShare() > worst.LockErrorShare() {
			worst = row
		}
		if row.Sum(metrics.LockErrors) == 0 {
			without++
		}
	}
	if errors == 0 {
		return fmt.Sprintf("None of %s attempts ended in a lock error.", format.Number(attempts))
	}
	text := fmt.Sprintf("%s of %s attempts ended in a lock error", format.Number(errors),
		format.Number(attempts))
	if len(s.Rows) == 1 {
		return fmt.Sprintf("%s (%s).", text, snapshot.FormatShare(worst.LockErrorShare()))
	}
	return fmt.Sprintf("%s. The largest share is %s, with %s. %d of %d rows met none.", text,
		snapshot.FormatShare(worst.LockErrorShare()), nameRow(s, worst), without, len(s.Rows))
}

// losses says how many acknowledged rows are missing after the kills.
func losses(s snapshot.Section) string {
	var lost, acked, kills float64
	for _, row := range s.Rows {
		lost += row.Sum(metrics.LostRows)
		acked += row.Sum(metrics.AckedRows)
		kills += row.Sum(metrics.Kills)
	}
	return fmt.Sprintf("%s of %s acknowledged rows are missing after %s kills.",
		format.Number(lost), format.Number(acked), format.Number(kills))
}

// rates names the rows with the highest and the lowest rate, of those that may be compared.
func rates(s snapshot.Section) []string {
	unit := metrics.InsertsPerSecond
	rows := slices.DeleteFunc(slices.Clone(s.Rows), func(row snapshot.Row) bool {
		return row.Refuses() || len(row.Samples(unit)) == 0
	})
	describe := func(row snapshot.Row) string {
		text := row.Figure(unit) + " inserts/s"
		if p99 := row.Figure(metrics.P99); len(row.Samples(metrics.P99)) > 0 {
			text += " with a p99 of " + p99
		}
		return text
	}
	switch {
	case !slices.Contains(s.Units, unit):
		return nil
	case len(rows) == 0:
		return []string{"All rows refuse over 1 % of the attempts: no rate is to be compared."}
	case len(s.Rows) == 1:
		return []string{"The rate is " + describe(rows[0]) + "."}
	}
	slices.SortStableFunc(rows, func(a, b snapshot.Row) int {
		return cmp.Compare(b.Median(unit), a.Median(unit))
	})
	best, worst := rows[0], rows[len(rows)-1]
	return []string{fmt.Sprintf("Of the rows that refuse at most 1 %%, the fastest is %s (%s), "+
		"and the slowest %s (%s).", nameRow(s, best), describe(best), nameRow(s, worst),
		describe(worst))}
}

// effects says what each further value of an axis changes against the first.
func effects(s *snapshot.Snapshot, section snapshot.Section, axis string) (sentences []string) {
	if axis == "writers" {
		return nil // the curves show it
	}
	var values []string
	for _, row := range section.Rows {
		if v, ok := snapshot.Axis(row.Results[0], axis); ok && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	for i := 1; i < len(values); i++ {
		pairs := findPairs(section, axis, values[0], values[i])
		var parts []string
		for _, unit := range []string{metrics.InsertsPerSecond, metrics.P99} {
			if text := newEffect(s, pairs, unit).String(); text != "" {
				parts = append(parts, unit+" "+text)
			}
		}
		if len(parts) > 0 {
			sentences = append(sentences, fmt.Sprintf("%s=%s instead of %s: %s.", axis, values[i],
				values[0], strings.Join(parts, "; ")))
		}
	}
	return sentences
}
