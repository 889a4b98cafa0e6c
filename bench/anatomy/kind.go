package anatomy

import (
	"fmt"
	"slices"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Waited says how much of the time that a writer was willing to wait it did wait before a lock error.
type Waited uint8

// How much was waited.
const (
	Nothing Waited = iota // the answer came at once
	Partly
	Whole // the timeout or bound was over
)

var waitedWords = []string{"0", "partly", "whole"}

func (w Waited) String() string { return waitedWords[w] }

// inWords is the same for people.
func (w Waited) inWords() string {
	if w == Whole {
		return "the whole timeout"
	}
	return w.String()
}

// MarshalText gives "0", "partly" or "whole".
func (w Waited) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText gives.
func (w *Waited) UnmarshalText(text []byte) error {
	i := slices.Index(waitedWords, string(text))
	if i < 0 {
		return fmt.Errorf("waited %q is none of %q", text, waitedWords)
	}
	*w = Waited(i)
	return nil
}

// Kind is a kind of lock error.
type Kind struct {
	Code   outcome.Code
	Phase  outcome.Phase
	Waited Waited
}

// newKind files a lock error under its kind. Only time tells whether SQLite waited: what took
// less than a hundredth of the timeout (but a millisecond, SQLite's shortest sleep, at least)
// counts as an answer at once, so that a writer that had to wait for a processor is not taken for one that
// waited for a lock. Without a timeout nothing waits at all, but in SQLITE_PROTOCOL, which follows a patience
// of SQLite's own; with the driver's endless one the default bound is the measure.
func newKind(s scenario.Scenario, o outcome.Outcome) Kind {
	k := Kind{Code: o.Code, Phase: o.Phase, Waited: Partly}
	bound := s.Busy.Timeout
	if bound == 0 {
		bound = scenario.DefaultTimeout
	}
	// The whole is 99 %, as clocks are read a little after a wait began.
	switch waited := time.Duration(o.LockWait); {
	case waited < max(bound/100, time.Millisecond), s.Busy.Policy == scenario.None && o.Code.Primary() == outcome.Busy:
		k.Waited = Nothing
	case s.Busy.Timeout > 0 && waited >= bound*99/100:
		k.Waited = Whole
	}
	return k
}
