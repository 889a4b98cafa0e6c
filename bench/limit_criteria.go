package bench

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/metrics"
)

// ErrorBound is how many lock errors a round that passes may have: a number, or a share of its
// attempts.
type ErrorBound struct {
	Count   int
	Percent float64 // 0 if the bound is a number
}

// String returns the bound with its noun, such as "1 lock error" or "0.5 % lock errors".
func (e ErrorBound) String() string {
	if e.Percent > 0 {
		return strconv.FormatFloat(e.Percent, 'f', -1, 64) + " % lock errors"
	}
	return format.Count(e.Count, "lock error")
}

// set reads the value of a flag, such as "3" or "1%".
func (e *ErrorBound) set(text string) error {
	if share, ok := strings.CutSuffix(text, "%"); ok {
		percent, err := strconv.ParseFloat(share, 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return errors.New("give a share from 0% to 100%, or a whole number")
		}
		*e = ErrorBound{Percent: percent}
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxLimit {
		return fmt.Errorf("give a whole number from 0 to %d, or a share such as 1%%", maxLimit)
	}
	*e = ErrorBound{Count: n}
	return nil
}

func (e ErrorBound) allows(lockErrors, attempts int) bool {
	if e.Percent > 0 {
		return 100*float64(lockErrors) <= e.Percent*float64(attempts)
	}
	return lockErrors <= e.Count
}

// defaultMax is the largest N to try if -limit.max is not given.
var defaultMax = map[limit.Over]int{limit.Writers: 1024, limit.Rate: 65536}

func (l LimitOptions) max() int { return cmp.Or(l.Max, defaultMax[l.Over]) }

// settings returns the settings of all searches. The length is that of a sustained round.
func (l LimitOptions) settings(length time.Duration) limit.Settings {
	return limit.Settings{
		Over: l.Over, Max: l.max(), Rounds: l.Rounds, Length: length, Criteria: l.criteria(),
	}
}

// criteria says when a round passes, in words that follow "with".
func (l LimitOptions) criteria() string {
	lockErrors, p99 := "up to "+l.Errors.String(), "p99 up to "
	if l.Over == limit.Rate {
		lockErrors, p99 = l.Errors.atMost(), "p99 of at most "
	}
	if l.P99 == 0 {
		return lockErrors + " and any p99"
	}
	return lockErrors + " and " + p99 + l.P99.String()
}

// atMost says for a sentence on several rounds what the bound is.
func (e ErrorBound) atMost() string {
	switch {
	case e == ErrorBound{}:
		return "no lock errors"
	case e.Percent > 0:
		return "at most " + e.String()
	}
	return "at most " + e.String() + " a round"
}

// passes reports whether a round passes. The 99th percentile is the nearest rank: of n attempts,
// n/100 may take longer, rounded down. So the criterion is not monotone: up to 99 writers one slow
// attempt fails the burst, from 100 on it takes two. Writers that do not keep up with a rate fail,
// however many lock errors are allowed.
func (l LimitOptions) passes(round *metrics.Collector) bool {
	return l.Errors.allows(round.LockErrors(), round.Attempts()) &&
		(l.P99 == 0 || round.P99() <= l.P99) && round.KeepsUp()
}
