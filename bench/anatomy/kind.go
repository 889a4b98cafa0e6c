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
	NoWait      WaitShare = iota // the attempt did not sleep for the lock
	PartialWait                  // it waited, but not until the timeout
	FullWait                     // it waited until the timeout
)

var waitShareNames = []string{"0", "partly", "whole"}

func (w WaitShare) String() string { return waitShareNames[w] }

// Describe returns the share as it stands in comments.
func (w WaitShare) Describe() string {
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
	Code      outcome.Code
	Phase     outcome.Phase
	Waited    WaitShare
	Statement Statement
}

// newKind returns the kind of a lock error.
func newKind(s scenario.Scenario, statement Statement, o outcome.Outcome) Kind {
	k := Kind{Code: o.Code, Phase: o.Phase, Statement: statement}
	if !slept(s, k, o.LockWait) {
		return k
	}
	k.Waited = PartialWait
	// 99 % is a full wait, because the clock is read shortly after the wait began.
	timeout := s.Busy.Timeout
	if timed(s, k) && time.Duration(o.LockWait) >= timeout*99/100 {
		k.Waited = FullWait
	}
	return k
}

// shortestSleep is the first and shortest sleep of SQLite's busy timeout (sqliteDefaultBusyCallback
// in src/main.c) and of busy=block: 1, 2, 5, 10, 15, 20, 25 ms and so on. A call that took less did
// not wait, whatever the timeout.
const shortestSleep = time.Millisecond

// slept reports whether an attempt slept for the lock before it failed. A writer that does not know
// it gives the time of the whole call. For some errors SQLite never calls its busy handler, so the
// attempt did not sleep, however long the call took on a busy machine. For the others the time
// decides.
func slept(s scenario.Scenario, k Kind, lockWait int64) bool {
	switch {
	case s.Busy.Policy == scenario.Retry, k.Code == outcome.QueueTimeout:
		// The writer slept, not SQLite.
		return true
	case s.Busy.Policy == scenario.None && k.Code.Primary() == outcome.Busy, refusedAtOnce(s, k):
		return false
	}
	return time.Duration(lockWait) >= shortestSleep
}

// timed reports whether the scenario's timeout bounds the wait. SQLITE_PROTOCOL has a bound of its
// own: SQLite gives up after 100 tries to read the index of the write-ahead log, with sleeps of up
// to 323 ms and 10 s in all, whatever the busy policy (walTryBeginRead in src/wal.c).
func timed(s scenario.Scenario, k Kind) bool {
	return s.Busy.Timeout > 0 &&
		(s.Busy.Policy == scenario.Retry || k.Code.Primary() != outcome.Protocol)
}
