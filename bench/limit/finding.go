package limit

import (
	"cmp"
	"slices"
)

// Finding is what one or more searches found.
type Finding struct {
	Searches  int // number of searches
	CutShort  int // number of searches that expired
	Passed    int // the limit of the median search; 0 if even 1 writer failed
	Failed    int // the smallest number that failed in it; 0 if none did
	Above     int // the largest number that passed in it above one that failed; 0 if none did
	Low, High int // the 95 % prediction interval for a repeated search, from all searches
}

// NewFinding returns what one or more searches with the same settings found. Limits are put in
// order, never averaged: the mean of a limit and of "at least the maximum" has no meaning. So the
// finding is that of the median search, with an even number of searches the lower one of the two in
// the middle.
func NewFinding(searches []Result) Finding {
	median := slices.SortedStableFunc(slices.Values(searches), compareLimits)[(len(searches)-1)/2]
	f := Finding{
		Searches: len(searches),
		Passed:   median.Passed(), Failed: median.Failed(), Above: median.HighestPassAbove(),
	}
	for _, r := range searches {
		if r.CutShort {
			f.CutShort++
		}
	}
	f.Low, f.High = PredictionInterval(searches)
	return f
}

// compareLimits orders searches with the same maximum by their limits. A search in which no number
// failed comes last.
func compareLimits(a, b Result) int {
	switch {
	case a.Censored() != b.Censored():
		if a.Censored() {
			return 1
		}
		return -1
	case a.Passed() != b.Passed():
		return cmp.Compare(a.Passed(), b.Passed())
	}
	return cmp.Compare(a.Failed(), b.Failed())
}
