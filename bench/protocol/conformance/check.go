package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// checkSeries checks what a writer reports of a round.
func checkSeries(schedule outcome.Schedule, s outcome.Series) error {
	if n := len(s.Outcomes); schedule.Mode == outcome.Burst && n != 1 {
		return fmt.Errorf("wrong count: %d attempts in a burst", n)
	}
	last := schedule.Release
	for i, o := range s.Outcomes {
		if o.Start < schedule.Release {
			return fmt.Errorf("early start: attempt %d began %v before the release",
				i, time.Duration(schedule.Release-o.Start))
		}
		if err := checkInstants(o, last); err != nil {
			return fmt.Errorf("instants out of order: attempt %d: %w", i, err)
		}
		if err := checkCode(o, s.Messages[i]); err != nil {
			return fmt.Errorf("wrong outcome: attempt %d: %w", i, err)
		}
		last = o.End
	}
	return nil
}

// checkInstants checks that the instants of an attempt are in order, after those of the one before.
func checkInstants(o outcome.Outcome, last int64) error {
	previous, name := last, "the end of the attempt before"
	for _, next := range []struct {
		name    string
		instant int64
	}{
		{"start_ns", o.Start}, {"lock_acquired_ns", o.LockAcquired},
		{"commit_start_ns", o.CommitStart}, {"lock_released_ns", o.LockReleased},
		{"end_ns", o.End}, {"the present", clock.Now()},
	} {
		if next.instant == 0 && next.name != "start_ns" && next.name != "end_ns" {
			continue // it did not happen, or is not known
		}
		if next.instant < previous {
			return fmt.Errorf("%s is %d ns before %s", next.name, previous-next.instant, name)
		}
		previous, name = next.instant, next.name
	}
	if w := o.WaitStart; w != 0 && (w < o.Start || w > cmp.Or(o.LockAcquired, o.End)) {
		return errors.New("wait_start_ns is not between start_ns and the lock or the end")
	}
	if o.LockWait < 0 || o.LockWait > o.End-o.Start {
		return errors.New("lock_wait_ns is longer than the attempt")
	}
	return nil
}

// checkCode checks the code of an outcome and its message.
func checkCode(o outcome.Outcome, message string) error {
	other := !o.Acknowledged() && !o.LockError()
	switch {
	case o.Code == outcome.QueueTimeout && o.Phase != outcome.Queue:
		return fmt.Errorf("code -1 in phase %s", o.Phase)
	case other && message == "":
		return fmt.Errorf("%s without an error_message", o.Code)
	case !other && message != "":
		return fmt.Errorf("error_message %q with %s", message, o.Code)
	case len(message) > protocol.MaxText:
		return fmt.Errorf("an error_message of %d bytes", len(message))
	case o.Phase == outcome.Read || o.Phase == outcome.Checkpoint:
		return fmt.Errorf("phase %s of a writer", o.Phase)
	}
	return nil
}

// checkNoOtherErrors checks that no attempt failed other than by a lock error.
func checkNoOtherErrors(all []outcome.Series) error {
	for _, s := range all {
		for i, o := range s.Outcomes {
			if !o.Acknowledged() && !o.LockError() {
				return fmt.Errorf("failed attempt: %s: %s: %s", o.Phase, o.Code, s.Messages[i])
			}
		}
	}
	return nil
}

// checkRowLength checks that each row is as long as the task says. A reader that reads all rows
// checks that.
func checkRowLength(task protocol.Task) error {
	s := withoutPragmas(task.Scenario)
	s.Read = scenario.Read{Kind: scenario.Scan}
	r, err := sqlitedb.ConnectReader(task.Database, s, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		return err
	}
	defer r.Close()
	if _, _, err := r.Read(clock.Now(), func(time.Duration) {}); err != nil {
		return fmt.Errorf("wrong rows: %w", err)
	}
	return nil
}

// isKnown checks that words are among those that the protocol has.
func isKnown(axis string, words, known []string) error {
	if len(words) == 0 {
		return fmt.Errorf("the driver declares no value of %s", axis)
	}
	for _, word := range words {
		if !slices.Contains(known, word) {
			return fmt.Errorf("the driver declares %s %q; there are %q", axis, word, known)
		}
	}
	return nil
}
