package others

import (
	"fmt"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
)

// account says what participants of one role did in some rounds. It is what a comment has of them.
type account struct {
	word                            string // of the axis
	rounds                          int
	done, refused, unfinished, late int
	took, waited                    spread
}

// spread is the median and the maximum of some times, in ns.
type spread struct{ median, max int64 }

func newSpread(ns []int64) spread {
	if len(ns) == 0 {
		return spread{}
	}
	return spread{int64(metrics.Median(ns)), metrics.Quantile(ns, 1)}
}

func (s spread) String() string {
	return fmt.Sprintf("%s, max %s", duration(s.median), duration(s.max))
}

// account returns what is known of the actions of a number of rounds.
func (a actions) account(word string, rounds int) account {
	return account{
		word: word, rounds: rounds, done: a.done, refused: a.refused, unfinished: a.unfinished,
		late: rounds - a.done - a.refused - a.unfinished,
		took: newSpread(a.took), waited: newSpread(a.waited),
	}
}

func (a account) describeCheckpoints() string {
	text := fmt.Sprintf("checkpoint=%s made %s in %s", a.word,
		format.Count(a.done, "checkpoint"), format.Count(a.rounds, "round"))
	if a.done > 0 {
		text += fmt.Sprintf(" (median %v)", a.took)
	}
	if a.refused > 0 {
		text += fmt.Sprintf("; locks kept %d more from being finished", a.refused)
	}
	return text
}

// Why an intruder did not do what it came for.
const (
	refusedText    = "refused a lock for a minute"
	unfinishedText = "not finished when the round was over"
	lateText       = "too late for the round"
)

func (a account) describeIntruder() string {
	text := fmt.Sprintf("intruder=%s was done in %d of %s", a.word, a.done,
		format.Count(a.rounds, "round"))
	if a.done > 0 {
		text += fmt.Sprintf(" (median %v, after waiting for %v)", a.took, a.waited)
	}
	parts := []string{text}
	for _, reason := range []struct {
		n    int
		text string
	}{
		{a.refused, refusedText}, {a.unfinished, unfinishedText}, {a.late, lateText},
	} {
		if reason.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", reason.n, reason.text))
		}
	}
	return strings.Join(parts, "; ")
}
