package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/scratch"
	"busybench/bench/sqlitedb"
)

// lockCases are attempts while another connection has the write lock, or another program the lock
// file.
func (k *Kit) lockCases() (cases []testCase) {
	for _, journal := range journals {
		cases = append(cases, k.writeLockCases("journal="+journal+" busy=")...)
	}
	for _, place := range queueWords {
		cases = append(cases, k.lockFileCases(place)...)
	}
	return cases
}

// undeclaredBusy is [undeclared] for a busy policy.
func (k *Kit) undeclaredBusy(policy string) string {
	return undeclared(slices.Contains(k.Driver.Capabilities.Busy, policy), "busy "+policy)
}

// writeLockCases are attempts with axes that end in "busy=" while another connection has the write
// lock.
func (k *Kit) writeLockCases(axes string) (cases []testCase) {
	refusals := []struct {
		undone, busy string
		wait         time.Duration
	}{
		{k.undeclaredBusy(scenario.None), "none", 0},
		{k.undeclaredBusy(scenario.Timeout), "200ms", shortWait},
		{k.undeclaredBusy(scenario.Poll), "poll:1ms:200ms", shortWait},
		{k.undeclaredBusy(scenario.Retry), "retry:200ms", shortWait},
		{undeclared(k.Driver.Capabilities.RetryRange, "retry_range"), "retry:1ms-20ms:200ms",
			shortWait},
	}
	for _, c := range refusals {
		cases = append(cases, testCase{"is refused with " + axes + c.busy, c.undone,
			func(t *trial) error { return t.isRefused(axes+c.busy, c.wait) }})
	}
	for _, c := range []struct{ policy, busy string }{
		{scenario.Timeout, "30s"}, {scenario.Poll, "poll:1ms:30s"}, {scenario.Block, "block"},
		{scenario.Retry, "retry:30s"}, {scenario.Queue, "queue:30s"},
		{scenario.Lease, "lease:5ms:30s"},
	} {
		cases = append(cases, testCase{
			"waits for the lock with " + axes + c.busy, k.undeclaredBusy(c.policy),
			func(t *trial) error { return t.waitsFor(axes + c.busy) },
		})
	}
	return cases
}

// lockFileCases are attempts with a place of the queue while another program has the lock file.
func (k *Kit) lockFileCases(place string) (cases []testCase) {
	can, axes := k.Driver.Capabilities, "queue="+place
	if place == scenario.AtTransaction && slices.Contains(can.Conn, scenario.Fresh) {
		axes += " conn=fresh"
	}
	for _, c := range []struct {
		name, policy, busy string
		run                func(*trial, string) error
	}{
		{"waits for the lock file", scenario.Queue, "queue:30s", (*trial).waitsForTheFile},
		{"waits for the lock file", scenario.Lease, "lease:5ms:30s", (*trial).waitsForTheFile},
		{"times out at the lock file", scenario.Queue, "queue:200ms", (*trial).timesOutAtTheFile},
		{"times out at the lock file", scenario.Lease, "lease:5ms:200ms",
			(*trial).timesOutAtTheFile},
		{"has the lock file in an attempt", scenario.Queue, "queue:30s", (*trial).hasTheFile},
		{"has the lock file in an attempt", scenario.Lease, "lease:1h:2h", (*trial).hasTheFile},
	} {
		words := "busy=" + c.busy + " " + axes
		undone := cmp.Or(k.undeclaredBusy(c.policy),
			undeclared(slices.Contains(can.Queue, place), "queue "+place))
		cases = append(cases, testCase{c.name + " with " + words, undone,
			func(t *trial) error { return c.run(t, words) }})
	}
	return cases
}

const (
	// shortWait is a timeout that ends.
	shortWait = 200 * time.Millisecond
	// maxExtra is how much longer an attempt may take. It is below the timeout of 5s that some
	// drivers have by default.
	maxExtra = 2500 * time.Millisecond
)

// lock takes the write lock of a writer's database.
func (t *trial) lock(p *peer) (*sqlitedb.Conn, error) {
	conn, err := sqlitedb.Connect(p.task.Database, sqlitedb.WithSetupTimeout(p.task.Scenario))
	if err != nil {
		return nil, err
	}
	return conn, conn.BeginImmediate()
}

// isRefused makes an attempt that cannot get the lock.
func (t *trial) isRefused(axes string, wait time.Duration) error {
	p, err := t.ready(axes)
	if err != nil {
		return err
	}
	holder, err := t.lock(p)
	if err != nil {
		return err
	}
	schedule, s, err := p.burst()
	if err = errors.Join(err, holder.Close()); err != nil {
		return err
	}
	if err := checkSeries(schedule, s); err != nil {
		return err
	}
	o := s.Outcomes[0]
	took := time.Duration(o.End - o.Start)
	switch {
	case !o.LockError():
		return fmt.Errorf("wrong outcome: %s while another connection had the lock", o.Code)
	case took < wait-time.Millisecond: // SQLite's clock has milliseconds
		return fmt.Errorf("short wait: %v, not %v", took, wait)
	case took > wait+maxExtra:
		return fmt.Errorf("long wait: %v, not %v", took, wait)
	case wait > 0 && time.Duration(o.LockWait) < wait/2:
		return fmt.Errorf("wrong wait: lock_wait_ns is %v after a wait of %v",
			time.Duration(o.LockWait), took)
	}
	return t.audit(p.task, []outcome.Series{s})
}

// burst makes a burst.
func (p *peer) burst() (outcome.Schedule, outcome.Series, error) {
	schedule := newSchedule(0)
	if err := p.start(schedule); err != nil {
		return schedule, outcome.Series{}, err
	}
	if err := p.counted(); err != nil {
		return schedule, outcome.Series{}, err
	}
	s, err := p.finish()
	return schedule, s, err
}

// waitsFor makes an attempt that gets the lock when another connection releases it.
func (t *trial) waitsFor(axes string) error {
	p, err := t.ready(axes)
	if err != nil {
		return err
	}
	holder, err := t.lock(p)
	if err != nil {
		return err
	}
	return t.waits(p, holder.Close)
}

// waits requires that an attempt is acknowledged after a release, and not before.
func (t *trial) waits(p *peer, release func() error) error {
	schedule := newSchedule(0)
	if err := p.start(schedule); err != nil {
		return err
	}
	clock.SleepUntil(schedule.Release + int64(roundLength))
	possible := clock.Now()
	if err := release(); err != nil {
		return err
	}
	if err := p.counted(); err != nil {
		return err
	}
	s, err := p.finish()
	if err != nil {
		return err
	}
	if err := checkSeries(schedule, s); err != nil {
		return err
	}
	switch o := s.Outcomes[0]; {
	case !o.Acknowledged():
		return fmt.Errorf("no wait: %s after %v in phase %s", o.Code,
			time.Duration(o.End-o.Start), o.Phase)
	case o.End < possible:
		return fmt.Errorf("early acknowledgement: %v before the lock was free",
			time.Duration(possible-o.End))
	}
	return t.audit(p.task, []outcome.Series{s})
}

// openLockFile opens the lock file of a writer's database.
func openLockFile(p *peer) (*os.File, error) {
	return os.OpenFile(p.task.Database+"-queue", os.O_CREATE|os.O_RDWR, 0o600)
}

func (t *trial) waitsForTheFile(axes string) error {
	p, file, err := t.lockFile(axes)
	if err != nil {
		return err
	}
	return t.waits(p, file.Close)
}

// lockFile makes a writer ready and takes the lock file.
func (t *trial) lockFile(axes string) (*peer, *os.File, error) {
	p, err := t.ready(axes)
	if err != nil {
		return nil, nil, err
	}
	file, err := openLockFile(p)
	if err != nil {
		return nil, nil, err
	}
	return p, file, scratch.Flock(file, unix.LOCK_EX)
}

func (t *trial) timesOutAtTheFile(axes string) error {
	p, file, err := t.lockFile(axes)
	if err != nil {
		return err
	}
	schedule, s, err := p.burst()
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := checkSeries(schedule, s); err != nil {
		return err
	}
	o := s.Outcomes[0]
	switch took := time.Duration(o.End - o.Start); {
	case o.Code != outcome.QueueTimeout:
		return fmt.Errorf("wrong outcome: %s while another program had the lock file", o.Code)
	case took < shortWait || took > shortWait+maxExtra:
		return fmt.Errorf("wrong wait: %v in the queue, not %v", took, shortWait)
	case o.LockWait == 0:
		return errors.New("wrong wait: lock_wait_ns is missing after a time in the queue")
	}
	return t.audit(p.task, []outcome.Series{s})
}

// hasTheFile looks whether the lock file is taken while the writer waits for the write lock.
func (t *trial) hasTheFile(axes string) error {
	p, err := t.ready("journal=wal " + axes)
	if err != nil {
		return err
	}
	holder, err := t.lock(p)
	if err != nil {
		return err
	}
	defer holder.Close()
	file, err := openLockFile(p)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := p.start(newSchedule(0)); err != nil {
		return err
	}
	for end := time.Now().Add(t.Limit); ; time.Sleep(time.Millisecond) {
		err := scratch.Flock(file, unix.LOCK_EX|unix.LOCK_NB)
		if err == unix.EWOULDBLOCK {
			break
		}
		if err == nil {
			err = scratch.Flock(file, unix.LOCK_UN)
		}
		if err != nil {
			return err
		}
		if time.Now().After(end) {
			return errors.New("no queue: the lock file is free while the writer is in an attempt")
		}
	}
	if err := holder.Close(); err != nil {
		return err
	}
	if err := p.counted(); err != nil {
		return err
	}
	if _, err := p.finish(); err != nil {
		return err
	}
	if err := scratch.Flock(file, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return fmt.Errorf("keeps the lock file after the attempt: %w", err)
	}
	return nil
}
