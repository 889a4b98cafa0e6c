package metrics

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// RoundErrors counts the lock errors of one round. Attempts of one round are not independent: lock
// errors come in avalanches. So intervals treat the round as the unit.
type RoundErrors struct{ Errors, Attempts int }

// Share returns the lock errors as a part of the attempts.
func (r RoundErrors) Share() float64 { return ratio(float64(r.Errors), float64(r.Attempts)) }

const roundErrorsText = ": lock errors by round: "

// WriteRoundErrors writes the lock errors of a benchmark's rounds as a comment line, such as
//
//	# BenchmarkBurst/exec=process/journal=wal/writers=256: lock errors by round: 0/256 19/256
//
// It writes nothing if no round has any.
func WriteRoundErrors(out io.Writer, benchmark string, rounds []RoundErrors) error {
	var text strings.Builder
	any := false
	for _, r := range rounds {
		fmt.Fprintf(&text, " %d/%d", r.Errors, r.Attempts)
		any = any || r.Errors > 0
	}
	if !any {
		return nil
	}
	_, err := fmt.Fprintf(out, "# %s%s%s\n", benchmark, roundErrorsText, text.String()[1:])
	return err
}

var roundErrorsLine = regexp.MustCompile(
	`^# (Benchmark\S+)` + roundErrorsText + `(\d+/\d+(?: \d+/\d+)*)`)

// ParseRoundErrors reads a line that [WriteRoundErrors] wrote, without its newline. It returns
// false for any other line.
func ParseRoundErrors(line string) (benchmark string, rounds []RoundErrors, ok bool) {
	m := roundErrorsLine.FindStringSubmatch(line)
	if m == nil {
		return "", nil, false
	}
	for word := range strings.FieldsSeq(m[2]) {
		errors, attempts, _ := strings.Cut(word, "/")
		var r RoundErrors
		// The expression allows digits only. Too many of them become the largest number.
		r.Errors, _ = strconv.Atoi(errors)
		r.Attempts, _ = strconv.Atoi(attempts)
		rounds = append(rounds, r)
	}
	return m[1], rounds, true
}
