package limit

import (
	"fmt"

	"busybench/bench/format"
)

// Sentence says in one sentence what was found, and in further ones what restricts it: numbers that
// pass and numbers that fail overlap, or searches were cut short.
func Sentence(f Finding) string {
	var found string
	switch {
	case f.Failed == 0:
		found = "At least " + pass(f.Passed) + ", the largest number tried"
	case f.Passed == 0:
		found = "Not even 1 writer passes"
	default:
		found = fmt.Sprintf("%s, %s fail", pass(f.Passed), whole(f.Failed))
	}
	if f.Searches > 1 {
		found += fmt.Sprintf(" (median of %d searches)", f.Searches)
	}
	text := fmt.Sprintf("%s; 95 %% prediction interval for a repeated search: %s to %s.",
		found, whole(f.Low), whole(f.High))
	if f.Above > 0 {
		text += fmt.Sprintf(" Not monotone: %s too.", pass(f.Above))
	}
	switch {
	case f.CutShort == 0:
	case f.Searches == 1:
		text += fmt.Sprintf(" Cut short: nothing between %s and %s was tried.",
			whole(f.Passed), whole(f.Failed))
	default:
		text += fmt.Sprintf(" %d of the searches were cut short.", f.CutShort)
	}
	return text
}

// whole formats a number of writers.
func whole(n int) string { return format.Number(float64(n)) }

// pass says that a number of writers pass.
func pass(n int) string {
	if n != 1 {
		return format.Count(n, "writer") + " pass"
	}
	return "1 writer passes"
}
