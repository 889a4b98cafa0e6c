package anatomy

import (
	"fmt"
	"slices"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// WaitShare says how much of its timeout an attempt waited before it ended in a lock error. Its
// text form is "0", "partly" or "whole".
type WaitShare uint8

// The shares.
const (
	NoWait      WaitShare = iota // the attempt failed at once
	PartialWait                  // it waited, but not until the timeout
	FullWait                     // it waited until the timeout
)

var waitShareNames = []string{"0", "partly", "whole"}

func (w WaitShare) String() string { return waitShareNames[w] }

// describe returns the share as it stands in comments.
func (w WaitShare) describe() string {
	if w == FullWait {
		return "the whole timeout"
	}
	return w.String()
}

// MarshalText returns the name of the share.
func (w WaitShare) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText parses the name of a share.
func (w *WaitShare) UnmarshalText(text []byte) error {
	i := slices.Index(waitShareNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown share of waiting %q; the shares are %q", text, waitShareNames)
	}
	*w = WaitShare(i)
	return nil
}

// Kind is a kind of lock error.
type Kind struct {
	Code   outcome.Code
	Phase  outcome.Phase
	Waited WaitShare
}

// newKind returns the kind of a lock error. A wait of less than SQLite's shortest sleep is none: a
// writer that does not know whether SQLite waited gives the time of the call. If no timeout is set,
// SQLite does not wait, except for SQLITE_PROTOCOL, which it returns after retries of its own.
func newKind(s scenario.Scenario, o outcome.Outcome) Kind {
	k := Kind{Code: o.Code, Phase: o.Phase, Waited: PartialWait}
	waited, timeout := time.Duration(o.LockWait), s.Busy.Timeout
	switch {
	case waited < time.Millisecond,
		s.Busy.Policy == scenario.None && o.Code.Primary() == outcome.Busy:
		k.Waited = NoWait
	// 99 % is a full wait, because the clock is read shortly after the wait began.
	case timeout > 0 && waited >= timeout*99/100:
		k.Waited = FullWait
	}
	return k
}
