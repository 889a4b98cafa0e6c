package others

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"busybench/bench/metrics"
)

// Comment is a line that [Summary.WriteComments] wrote.
type Comment struct{ Benchmark, Text string }

var commentLine = regexp.MustCompile(
	`^# (Benchmark\S+): ((?:checkpoint=|intruder=|the write-ahead log grew to ).*)$`)

// ParseComment reads a line of a result file, without its newline. It returns false for any other
// line.
func ParseComment(line string) (c Comment, ok bool) {
	m := commentLine.FindStringSubmatch(line)
	if m == nil {
		return c, false
	}
	return Comment{m[1], m[2]}, true
}

const spreadText = `(\S+), max ([^,)]+)`

var (
	checkpointText = regexp.MustCompile(
		`^checkpoint=(\S+) made (\d+) checkpoints? in (\d+) rounds?` +
			`(?: \(median ` + spreadText + `\))?`)
	intruderText = regexp.MustCompile(`^intruder=(\S+) was done in (\d+) of (\d+) rounds?` +
		`(?: \(median ` + spreadText + `, after waiting for ` + spreadText + `\))?`)
	keptText   = regexp.MustCompile(`; locks kept (\d+) more`)
	reasonText = regexp.MustCompile(`; (\d+) (` + refusedText + `|` + unfinishedText + `|` +
		lateText + `)`)
	logText = regexp.MustCompile(`^the write-ahead log grew to ([0-9.]+) MB`)
)

// Combine puts the texts of comments on one benchmark, of several runs, together: counts add up,
// medians are those of the runs' medians, and of the logs the largest counts.
func Combine(texts []string) (combined []string) {
	var checkpoints, intruders []account
	largest, log := -1.0, ""
	for _, text := range texts {
		if m := checkpointText.FindStringSubmatch(text); m != nil {
			checkpoints = append(checkpoints, parseAccount(m, keptText, text))
		} else if m := intruderText.FindStringSubmatch(text); m != nil {
			intruders = append(intruders, parseAccount(m, reasonText, text))
		} else if m := logText.FindStringSubmatch(text); m != nil {
			if size, err := strconv.ParseFloat(m[1], 64); err == nil && size > largest {
				largest, log = size, text
			}
		}
	}
	if len(checkpoints) > 0 {
		combined = append(combined, combine(checkpoints).describeCheckpoints())
	}
	if len(intruders) > 0 {
		combined = append(combined, combine(intruders).describeIntruder())
	}
	if log != "" {
		combined = append(combined, log)
	}
	return combined
}

// parseAccount returns the account of a match, whose text has further counts.
func parseAccount(m []string, counts *regexp.Regexp, text string) account {
	first, second := number(m[2]), number(m[3])
	a := account{word: m[1], done: first, rounds: second}
	a.took = spread{length(m[4]), length(m[5])}
	if len(m) > 6 {
		a.waited = spread{length(m[6]), length(m[7])}
	}
	for _, c := range counts.FindAllStringSubmatch(text, -1) {
		n := number(c[1])
		switch {
		case len(c) == 2, c[2] == refusedText:
			a.refused = n
		case c[2] == unfinishedText:
			a.unfinished = n
		default:
			a.late = n
		}
	}
	return a
}

// combine adds up accounts of one word.
func combine(all []account) (sum account) {
	var took, waited []int64
	for _, a := range all {
		sum.word = a.word
		sum.rounds += a.rounds
		sum.done += a.done
		sum.refused += a.refused
		sum.unfinished += a.unfinished
		sum.late += a.late
		if a.done > 0 {
			took, waited = append(took, a.took.median), append(waited, a.waited.median)
		}
		sum.took.max = max(sum.took.max, a.took.max)
		sum.waited.max = max(sum.waited.max, a.waited.max)
	}
	if len(took) > 0 {
		sum.took.median, sum.waited.median = middle(took), middle(waited)
	}
	return sum
}

func middle(ns []int64) int64 { return int64(metrics.Median(slices.Clone(ns))) }

// number parses digits. A number that is too large for an int becomes the largest one.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// length parses a duration, in ns. It returns 0 if the text is none.
func length(text string) int64 {
	d, _ := time.ParseDuration(text)
	return int64(d)
}
