package limit

import (
	"fmt"
	"math"

	"busybench/bench/format"
)

// Finding is what one search found, or the medians of several.
type Finding struct {
	Passed    float64 // the limit; 0 if even 1 writer failed
	Failed    float64 // the smallest number that failed; 0 if none did
	Low, High float64 // the 99 % prediction interval for a repeated search
	Above     float64 // the largest number that passed above one that failed; 0 if none did
}

// Finding returns what the search found.
func (r Result) Finding() Finding {
	low, high := r.PredictionInterval()
	return Finding{
		Passed: float64(r.Passed()), Failed: float64(r.Failed()),
		Low: float64(low), High: float64(high),
		Above: float64(r.HighestPassAbove()),
	}
}

// Sentence says in one sentence what was found, and in a second one if the numbers that pass and
// those that fail overlap.
func Sentence(f Finding) string {
	var found string
	switch {
	case f.Failed == 0:
		found = "At least " + pass(f.Passed) + ", the largest number tried"
	case f.Passed == 0:
		found = "Not even 1 writer passes"
	default:
		found = fmt.Sprintf("%s, %.0f fail", pass(f.Passed), f.Failed)
	}
	text := fmt.Sprintf("%s; 99 %% prediction interval for a repeated search: %.0f to %.0f.",
		found, f.Low, f.High)
	if f.Above > 0 {
		text += fmt.Sprintf(" Not monotone: %s too.", pass(f.Above))
	}
	return text
}

// pass says that a number of writers pass.
func pass(n float64) string {
	if writers := int(math.RoundToEven(n)); writers != 1 {
		return format.Plural(writers, "writer") + " pass"
	}
	return "1 writer passes"
}
