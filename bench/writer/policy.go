package writer

import (
	"errors"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// errQueueTimeout ends an attempt that waited in the queue for too long.
var errQueueTimeout = errors.New("timed out in the queue")

// attemptByPolicy makes an attempt under the scenario's busy policy and fills in o. Policies that
// SQLite or the driver implement were set on the connection.
func (w *Writer) attemptByPolicy(o *outcome.Outcome) error {
	switch w.task.Scenario.Busy.Policy {
	case scenario.Retry:
		return w.attemptWithRetries(o)
	case scenario.Queue, scenario.Lease:
		if !w.queuesConnected() {
			return w.inQueue(o.Start, o, func(now int64) error { return w.attemptOnce(now, o) })
		}
	}
	return w.attemptOnce(o.Start, o)
}

// attemptWithRetries retries until it meets no lock or times out.
func (w *Writer) attemptWithRetries(o *outcome.Outcome) error {
	w.retryUntil = o.Start + int64(w.task.Scenario.Busy.Timeout)
	err := w.attemptOnce(o.Start, o)
	if sqlitedb.ResultCode(err).IsLock() {
		o.LockWait = clock.Now() - o.Start
	}
	return err
}

// queuesConnected reports whether the writer connects before it waits in the queue, or one waits
// for a group that has a connection. Other connections that exist already make no difference.
func (w *Writer) queuesConnected() bool {
	s := w.task.Scenario
	return s.Busy.Queues() && (s.Conn.Kind == scenario.GroupWrite ||
		s.Queue == scenario.AtTransaction && s.Conn.Kind == scenario.Fresh)
}

// inQueue waits for the lock file, calls attempt with the present instant, and then releases the
// lock file.
func (w *Writer) inQueue(
	now int64, o *outcome.Outcome, attempt func(now int64) error,
) error {
	acquired, err := w.renew()
	if err == nil && !acquired {
		startWait(o, now)
		acquired, err = w.queue.acquire(w.task.Scenario.Busy.Timeout)
		waited := clock.Now() - now
		if now += waited; !acquired {
			o.LockWait = waited
		}
	}
	if err == nil && !acquired {
		err = errQueueTimeout
	}
	if err != nil {
		o.Phase = outcome.Queue
		return err
	}
	w.startLease(now)
	err = attempt(now)
	if w.leased() {
		return err
	}
	return errors.Join(err, w.endLease())
}
