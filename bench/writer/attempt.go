package writer

import (
	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"
)

// attemptOnce inserts the rows of an attempt over the scenario's kind of connection and fills in o.
// Under busy=retry it retries connecting and the transaction separately, as a program does that
// repeats only what failed.
func (w *Writer) attemptOnce(now int64, o *outcome.Outcome) error {
	switch {
	case w.conn != nil:
		return w.transact(now, w.conn, o)
	case w.pool != nil:
		return w.attemptPooled(now, o)
	}
	return w.attemptFresh(now, o)
}

// attemptPooled uses the connection that the writers of this process share.
func (w *Writer) attemptPooled(now int64, o *outcome.Outcome) error {
	startWait(o, now)
	conn, err := w.pool.Take()
	if err != nil {
		o.Phase = outcome.Open
		return err
	}
	defer w.pool.Put()
	return w.transact(clock.Now(), conn, o)
}

// attemptFresh connects, inserts and closes. An error of the close does not undo what the
// transaction committed, so the transaction's error comes first.
func (w *Writer) attemptFresh(now int64, o *outcome.Outcome) error {
	conn, now, err := w.open(now, o)
	if err != nil {
		return err
	}
	err = w.transact(now, conn, o)
	if closeErr := conn.Close(); err == nil {
		o.Phase = outcome.Close
		err = closeErr
	}
	return err
}

// open connects. It also returns the instant at which it had connected.
func (w *Writer) open(now int64, o *outcome.Outcome) (*sqlitedb.Conn, int64, error) {
	for {
		conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
		opened := clock.Now()
		if err != nil || opened-now >= sqlitedb.ShortestSleep {
			startWait(o, now)
		} else {
			o.OpenDuration = opened - now
		}
		if !w.retryAfter(err) {
			o.Phase, o.LockWait = outcome.Open, opened-now
			return conn, opened, err
		}
		now = clock.Now()
	}
}

// transact runs the transaction, under busy=retry until it succeeds or times out. A failed
// transaction is rolled back before the next try, because a stale snapshot stays stale. A COMMIT
// that met a lock is retried alone.
func (w *Writer) transact(now int64, conn *sqlitedb.Conn, o *outcome.Outcome) error {
	for {
		trace, err := w.tryTransaction(now, conn)
		if o.WaitStart != 0 {
			trace.WaitStart = o.WaitStart
		}
		o.Trace = trace
		if !w.retryAfter(err) {
			return err
		}
		if o.LockAcquired != 0 {
			hold := outcome.Span{From: o.LockAcquired, To: o.LockReleased}
			w.failedHolds = append(w.failedHolds, hold)
			o.LockAcquired, o.CommitStart, o.LockReleased = 0, 0, 0
		}
		now = clock.Now()
	}
}

// tryTransaction runs the transaction once, and its COMMIT as often as it may be retried.
func (w *Writer) tryTransaction(now int64, conn *sqlitedb.Conn) (outcome.Trace, error) {
	trace, err := conn.Transact(now, w.batch)
	for conn.CommitPending() && w.retryAfter(err) {
		trace, err = conn.RetryCommit()
	}
	if conn.CommitPending() {
		trace = conn.Rollback()
	}
	return trace, err
}

// startWait records when the writer began to wait, unless it was waiting already.
func startWait(o *outcome.Outcome, instant int64) {
	if o.WaitStart == 0 {
		o.WaitStart = instant
	}
}
