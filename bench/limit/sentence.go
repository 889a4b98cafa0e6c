package limit

import (
	"fmt"

	"busybench/bench/format"
)

// Sentence says in one sentence how many writers pass, and in further ones what restricts it:
// numbers that pass and numbers that fail overlap, or searches were cut short.
func Sentence(f Finding) string {
	var found string
	switch {
	case f.Failed == 0:
		found = "At least " + pass(Writers, f.Passed) + ", the largest number tried"
	case f.Passed == 0:
		found = "Not even 1 writer passes"
	default:
		found = fmt.Sprintf("%s, %s fail", pass(Writers, f.Passed), whole(f.Failed))
	}
	if f.Searches > 1 {
		found += " (" + f.median() + ")"
	}
	text := fmt.Sprintf("%s; 95 %% prediction interval for a repeated search: %s to %s.",
		found, whole(f.Low), whole(f.High))
	return text + f.restrictions(Writers)
}

// RateSentence says the same of a rate: how many arrivals per second a number of writers can take.
// The criteria are those of [Settings].
func RateSentence(f Finding, writers int, criteria string) string {
	can, rate := " can take ", Rate.Count(f.Passed)
	switch {
	case f.Failed == 0:
		rate = "at least " + rate + ", the largest rate tried"
	case f.Passed == 0:
		can, rate = " cannot take even ", Rate.Count(1)
	}
	interval := fmt.Sprintf("95 %% prediction interval %s to %s", whole(f.Low), whole(f.High))
	if f.Searches > 1 {
		interval = f.median() + "; " + interval
	}
	return format.Count(writers, "writer") + can + rate + " (" + interval + ") with " + criteria +
		"." + f.restrictions(Rate)
}

// median says that the finding is that of the median search.
func (f Finding) median() string { return fmt.Sprintf("median of %d searches", f.Searches) }

// restrictions returns sentences, each after a space.
func (f Finding) restrictions(o Over) (text string) {
	if f.Above > 0 {
		text += fmt.Sprintf(" Not monotone: %s too.", pass(o, f.Above))
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

// whole formats a number of writers or a rate.
func whole(n int) string { return format.Number(float64(n)) }

// pass says that an N passes.
func pass(o Over, n int) string {
	if n == 1 {
		return o.Count(n) + " passes"
	}
	return o.Count(n) + " pass"
}
