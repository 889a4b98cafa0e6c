package fleet

import (
	"errors"
	"fmt"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// KilledWriter describes the work of a writer process that is killed.
type KilledWriter struct {
	Task protocol.Task // with a rate, so that attempts come as arrivals
	// Attempts is how many it makes, one after the other, before it waits for its end.
	Attempts int
	// Killable reports that it may be killed before its last attempt has ended. It may be nil.
	Killable func() (bool, error)
	Timeout  time.Duration
}

// killablePoll is how often Killable is called.
const killablePoll = time.Millisecond

// RunKilled starts a writer process, lets it work, and kills it while it is connected, so that it
// leaves its files as they are.
func RunKilled(k KilledWriter) (err error) {
	f, err := Processes(Options{OpenLoop: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Grow(1); err != nil {
		return err
	}
	if err := f.arrivals.Set(make([]int64, k.Attempts)); err != nil {
		return err
	}
	m := f.members[0]
	deadline := time.Now().Add(k.Timeout)
	if err := m.Prepare(k.Task); err != nil {
		return err
	}
	if err := m.Ready(deadline); err != nil {
		return err
	}
	now := clock.Now()
	schedule := outcome.Schedule{
		Mode: outcome.Sustained, Release: now, Deadline: now + int64(time.Hour),
	}
	if err := m.Start(Release{Schedule: schedule}); err != nil {
		return err
	}
	if k.Killable == nil {
		return m.Counted(deadline)
	}
	return k.awaitKillable(deadline)
}

func (k KilledWriter) awaitKillable(deadline time.Time) error {
	for time.Now().Before(deadline) {
		if killable, err := k.Killable(); killable || err != nil {
			return err
		}
		time.Sleep(killablePoll)
	}
	return fmt.Errorf("the writer to be killed took over %v", k.Timeout)
}
