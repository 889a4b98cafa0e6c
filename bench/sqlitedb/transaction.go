package sqlitedb

import (
	"cmp"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// statements are the prepared statements of one transaction, nil if it has none.
type statements struct {
	begin, read, commit *sqlite.Stmt
	first, rest         inserter
}

// upgradePause is the time between the read and the write of txn=upgrade, in which an application
// would look at what it has read. Without it other writers would rarely write in between.
const upgradePause = time.Millisecond

var beginSQL = map[string]string{
	scenario.Deferred:  "BEGIN",
	scenario.Immediate: "BEGIN IMMEDIATE",
	scenario.Exclusive: "BEGIN EXCLUSIVE",
	scenario.Upgrade:   "BEGIN",
}

// newStatements prepares the statements of a transaction, whose first INSERT has a form.
func newStatements(db *sqlite.Conn, s scenario.Scenario, f form) (t statements, err error) {
	if s.Txn == scenario.Auto {
		t.first, err = newInserter(db, f, s.Batch, s.Payload)
		return t, err
	}
	if t.first, err = newInserter(db, form{value: f.value}, 1, s.Payload); err != nil {
		return t, err
	}
	if s.Batch > 1 {
		if t.rest, err = newInserter(db, plain, 1, s.Payload); err != nil {
			return t, err
		}
	}
	if s.Txn == scenario.Upgrade {
		if t.read, err = db.Prepare(readSQL); err != nil {
			return t, err
		}
	}
	if t.begin, err = db.Prepare(beginSQL[s.Txn]); err != nil {
		return t, err
	}
	t.commit, err = db.Prepare("COMMIT")
	return t, err
}

// insertRows inserts the rows of a transaction that has a BEGIN.
func (t statements) insertRows(ids []uuid.UUID) error {
	if err := t.first.insert(ids[0]); err != nil {
		return err
	}
	for _, id := range ids[1:] {
		if err := t.rest.insert(id); err != nil {
			return err
		}
	}
	return nil
}

// current is the transaction under way on a connection.
type current struct {
	trace     outcome.Trace
	start     int64
	callStart int64 // when the call of SQLite began that an error would end
	waited    int64 // in ns, by the calls before that one
	pending   bool  // see CommitPending
}

// Transact inserts a batch of rows in one transaction of the scenario's kind. It takes the present
// instant, which its caller has just read: reading the clock is a measurable part of an insert
// that is not synced.
//
// A transaction that fails is rolled back, with one exception: if COMMIT met a lock, the
// transaction stays open and [Conn.CommitPending] is true. The caller then calls
// [Conn.RetryCommit] or [Conn.Rollback].
func (c *Conn) Transact(now int64, ids []uuid.UUID) (outcome.Trace, error) {
	c.probe.reset()
	c.busy.reset()
	c.current = current{
		trace: outcome.Trace{Phase: outcome.Insert}, start: now, callStart: now,
	}
	return c.finish(c.run(ids))
}

// CommitPending reports whether the last COMMIT met a lock and left its transaction open.
func (c *Conn) CommitPending() bool { return c.pending }

// RetryCommit repeats the COMMIT of a transaction for which [Conn.CommitPending] is true.
func (c *Conn) RetryCommit() (outcome.Trace, error) { return c.finish(stepAll(c.commit)) }

// Rollback rolls back a transaction for which [Conn.CommitPending] is true.
func (c *Conn) Rollback() outcome.Trace {
	c.pending = false
	c.rollback()
	return c.closeTrace()
}

// finish completes the trace of a transaction that ended in err, and rolls it back unless COMMIT
// may be retried.
func (c *Conn) finish(err error) (outcome.Trace, error) {
	c.pending, c.trace.LockWait = false, 0
	if err == nil {
		return c.closeTrace(), nil
	}
	failed := clock.Now()
	call := outcome.Span{From: c.callStart, To: failed}
	c.trace.LockWait = lockWait(err, c.busy.waited, call)
	if c.explicit() && c.trace.Phase == outcome.Commit && ResultCode(err).IsLock() {
		c.pending = true
		return c.trace, err
	}
	c.rollback()
	if c.probe.lockAcquired == 0 {
		c.addWait(refused(err, c.busy.waited, failed))
		c.trace.BeginDuration = failed - c.start - c.waited
	}
	return c.closeTrace(), err
}

// closeTrace adds the instants that the probe recorded, and the release of the lock.
func (c *Conn) closeTrace() outcome.Trace {
	if c.probe.lockAcquired != 0 {
		c.trace.LockReleased = clock.Now()
		c.addWait(c.probe.waited)
		c.trace.BeginDuration = c.probe.lockAcquired - c.start - c.waited
	}
	c.trace.LockAcquired, c.trace.CommitStart = c.probe.lockAcquired, c.probe.commitStart
	return c.trace
}

// addWait adds a time in which a lock was refused before the writer had the write lock.
func (c *Conn) addWait(wait outcome.Span) {
	c.trace.WaitStart = cmp.Or(c.trace.WaitStart, wait.From)
	c.waited += length(wait)
}

// nextCall records that a call of SQLite succeeded and the next begins.
func (c *Conn) nextCall(now int64) {
	if c.probe.lockAcquired == 0 {
		c.addWait(c.busy.waited)
	}
	c.callStart = now
	c.busy.reset()
}

// explicit reports whether transactions have a BEGIN and a COMMIT.
func (c *Conn) explicit() bool { return c.txn != scenario.Auto }

// run executes the statements of a transaction and keeps the current phase in the trace.
func (c *Conn) run(ids []uuid.UUID) error {
	if !c.explicit() {
		err := c.first.insert(ids...)
		if c.probe.commitStart != 0 {
			// SQLite's busy timeout is for the whole statement, so callStart stays.
			c.trace.Phase = outcome.Commit
		}
		return err
	}
	c.trace.Phase = outcome.Begin
	if err := c.beginTransaction(); err != nil {
		return err
	}
	c.trace.Phase = outcome.Insert
	if err := c.insertRows(ids); err != nil {
		return err
	}
	clock.Spend(c.hold.Duration, c.hold.CPU)
	c.probe.recordRows()
	c.trace.Phase = outcome.Commit
	c.nextCall(c.probe.commitStart)
	return stepAll(c.commit)
}

// beginTransaction runs everything before the first INSERT.
func (c *Conn) beginTransaction() error {
	if err := stepAll(c.begin); err != nil {
		return err
	}
	switch c.txn {
	case scenario.Upgrade:
		return c.readAndPause()
	case scenario.Deferred:
		c.nextCall(clock.Now())
	default:
		c.probe.recordLock()
		c.nextCall(c.probe.lockAcquired)
	}
	return nil
}

// readAndPause is what txn=upgrade does before it asks for the write lock.
func (c *Conn) readAndPause() error {
	c.nextCall(clock.Now())
	if err := stepAll(c.read); err != nil {
		return err
	}
	time.Sleep(upgradePause)
	c.nextCall(clock.Now())
	return nil
}

// rollback ends the transaction that an error left open.
func (c *Conn) rollback() { rollBack(c.db) }

// rollBack ends the transaction of a connection that an error left open, unless SQLite has. If it
// fails, the next BEGIN fails and reports it.
func rollBack(db *sqlite.Conn) {
	if !db.AutocommitEnabled() {
		_ = execute(db, "ROLLBACK")
	}
}
