package writer

import (
	"cmp"
	"errors"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"

	"github.com/google/uuid"
)

// attemptOnce inserts the rows of an attempt over the scenario's kind of connection and fills in o.
// Under busy=retry it retries connecting and the transaction separately, as a program does that
// repeats only what failed.
func (w *Writer) attemptOnce(now int64, o *outcome.Outcome) error {
	switch {
	case w.mutex != nil:
		return w.attemptLocked(now, o)
	case w.conn != nil:
		return w.transact(now, w.conn, w.batch, o)
	case w.pool != nil:
		return w.attemptPooled(now, o)
	case w.group != nil:
		return w.attemptGrouped(now, o)
	}
	return w.attemptFresh(now, o)
}

// attemptFresh connects, inserts and closes. An error of the close does not undo what the
// transaction committed, so the transaction's error comes first.
func (w *Writer) attemptFresh(now int64, o *outcome.Outcome) error {
	conn, now, err := w.open(now, o)
	if err != nil {
		return err
	}
	if w.queuesConnected() {
		err = w.inQueue(now, o, func(now int64) error { return w.transact(now, conn, w.batch, o) })
	} else {
		err = w.transact(now, conn, w.batch, o)
	}
	if closeErr := conn.Close(); err == nil {
		o.Phase = outcome.Close
		err = closeErr
	}
	return err
}

// open connects. It also returns the instant at which it had connected. A failed try that is
// repeated counts as waiting from the first refusal on.
func (w *Writer) open(now int64, o *outcome.Outcome) (*sqlitedb.Conn, int64, error) {
	for {
		conn, opening, err := w.connectAt(now)
		again := w.retryAfter(err)
		if !again || o.WaitStart == 0 {
			o.OpenDuration += opening.Duration
		}
		startWait(o, opening.WaitStart)
		if !again {
			o.Phase, o.LockWait = outcome.Open, opening.LockWait
			return conn, opening.End, err
		}
		now = clock.Now()
	}
}

// connectAt connects to the database. With an SQL file that includes its -- connect section.
func (w *Writer) connectAt(now int64) (*sqlitedb.Conn, sqlitedb.Opening, error) {
	conn, opening, err := sqlitedb.ConnectAt(now, w.task.Database, w.task.Scenario)
	if err != nil || w.task.SQL == nil {
		return conn, opening, err
	}
	err = w.use(conn)
	end := clock.Now()
	opening.Duration, opening.End = opening.Duration+end-opening.End, end
	if err != nil {
		return nil, opening, errors.Join(err, conn.Close())
	}
	return conn, opening, nil
}

// transact inserts rows in a transaction, under busy=retry until it succeeds or times out. A failed
// transaction is rolled back before the next try, because a stale snapshot stays stale. A COMMIT
// that met a lock is retried alone. A failed try that is repeated counts as waiting from the first
// refusal on, or from the write lock if it had it.
func (w *Writer) transact(
	now int64, conn *sqlitedb.Conn, rows []uuid.UUID, o *outcome.Outcome,
) error {
	waitStart, begun := o.WaitStart, int64(0)
	for {
		trace, err := w.tryTransaction(now, conn, rows)
		o.Trace = trace
		o.WaitStart = cmp.Or(waitStart, trace.WaitStart)
		o.BeginDuration += begun
		if !w.retryAfter(err) {
			return err
		}
		if waitStart == 0 {
			waitStart, begun = cmp.Or(trace.WaitStart, trace.LockAcquired), trace.BeginDuration
		}
		if trace.LockAcquired != 0 {
			hold := outcome.Span{From: trace.LockAcquired, To: trace.LockReleased}
			w.failedHolds = append(w.failedHolds, hold)
		}
		now = clock.Now()
	}
}

// tryTransaction runs the transaction once, and its COMMIT as often as it may be retried.
func (w *Writer) tryTransaction(
	now int64, conn *sqlitedb.Conn, rows []uuid.UUID,
) (outcome.Trace, error) {
	trace, err := w.transactOnce(now, conn, rows)
	for conn.CommitPending() && w.retryAfter(err) {
		trace, err = conn.RetryCommit()
	}
	if conn.CommitPending() {
		trace = conn.Rollback()
	}
	return trace, err
}

// transactOnce runs the transaction once, the built-in one or that of the SQL file.
func (w *Writer) transactOnce(
	now int64, conn *sqlitedb.Conn, rows []uuid.UUID,
) (outcome.Trace, error) {
	if w.task.SQL == nil {
		return conn.Transact(now, rows)
	}
	run := sqlitedb.SQLRun{Number: w.attempts * len(w.batch), Times: w.statements}
	if w.task.StatementSpans {
		run.Spans = &w.statementSpans
	}
	return conn.TransactSQL(now, rows, run)
}

// startWait records when the writer began to wait, unless it was waiting already. The instant is 0
// if it did not wait.
func startWait(o *outcome.Outcome, instant int64) { o.WaitStart = cmp.Or(o.WaitStart, instant) }
