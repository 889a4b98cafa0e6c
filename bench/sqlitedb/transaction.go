package sqlitedb

import (
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

func newStatements(db *sqlite.Conn, s scenario.Scenario) (t statements, err error) {
	if s.Txn == scenario.Auto {
		t.first, err = newInserter(db, probedValue, s.Batch, probedEnd, s.Payload)
		return t, err
	}
	if t.first, err = newInserter(db, probedValue, 1, "", s.Payload); err != nil {
		return t, err
	}
	if s.Batch > 1 {
		if t.rest, err = newInserter(db, plainValue, 1, "", s.Payload); err != nil {
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

// current is the transaction under way on a connection.
type current struct {
	trace      outcome.Trace
	phaseStart int64 // when the call began that an error would end
	pending    bool  // see CommitPending
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
	c.current = current{outcome.Trace{Phase: outcome.Insert, WaitStart: now}, now, false}
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
	c.trace.LockWait = clock.Now() - c.phaseStart
	if c.explicit() && c.trace.Phase == outcome.Commit && ResultCode(err).IsLock() {
		c.pending = true
		return c.trace, err
	}
	c.rollback()
	return c.closeTrace(), err
}

// closeTrace adds the instants that the probe recorded, and the release of the lock.
func (c *Conn) closeTrace() outcome.Trace {
	c.trace.CommitStart = c.probe.commitStart
	if c.trace.LockAcquired = c.probe.lockAcquired; c.trace.LockAcquired != 0 {
		c.trace.LockReleased = clock.Now()
	}
	return c.trace
}

// explicit reports whether transactions have a BEGIN and a COMMIT.
func (c *Conn) explicit() bool { return c.txn != scenario.Auto }

// run executes the statements of a transaction and keeps the current phase in the trace.
func (c *Conn) run(ids []uuid.UUID) error {
	if !c.explicit() {
		err := c.first.insert(ids...)
		if c.probe.commitStart != 0 {
			// SQLite's busy timeout is for the whole statement, so phaseStart stays.
			c.trace.Phase = outcome.Commit
		}
		return err
	}
	c.trace.Phase = outcome.Begin
	if err := c.beginTransaction(); err != nil {
		return err
	}
	c.trace.Phase = outcome.Insert
	if err := c.first.insert(ids[0]); err != nil {
		return err
	}
	for _, id := range ids[1:] {
		if err := c.rest.insert(id); err != nil {
			return err
		}
	}
	c.probe.recordRows()
	c.trace.Phase, c.phaseStart = outcome.Commit, c.probe.commitStart
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
		c.endBegin()
	default:
		c.probe.recordLock()
		c.phaseStart = c.probe.lockAcquired
	}
	return nil
}

// endBegin records that the transaction began without waiting for a lock. The wait for the write
// lock starts now.
func (c *Conn) endBegin() {
	c.phaseStart = clock.Now()
	c.trace.BeginDuration = c.phaseStart - c.trace.WaitStart
	c.trace.WaitStart = c.phaseStart
}

// readAndPause is what txn=upgrade does before it asks for the write lock. It is not part of the
// wait for the lock, unless the read had to wait.
func (c *Conn) readAndPause() error {
	c.phaseStart = clock.Now()
	if err := stepAll(c.read); err != nil {
		return err
	}
	waited := clock.Now()-c.phaseStart >= ShortestSleep
	time.Sleep(upgradePause)
	if waited {
		c.phaseStart = clock.Now()
	} else {
		c.endBegin()
	}
	return nil
}

// rollback ends the transaction that an error left open, unless SQLite has. If it fails, the next
// BEGIN fails and reports it.
func (c *Conn) rollback() {
	if !c.db.AutocommitEnabled() {
		_ = execute(c.db, "ROLLBACK")
	}
}
