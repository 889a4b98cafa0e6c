package sqlitedb

import (
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/host"
	"busybench/bench/scenario"
)

// Trace is where and when a transaction was. All instants are of [host.Now].
type Trace struct {
	Phase Phase // begin, insert or commit: where it ended
	Begin int64 // how long its beginning took, before it asked for anything that it had to wait for, in ns
	Asked int64 // when it made the first statement that had to wait, or else asked for the write lock
	// Got is when it held the write lock, 0 where it never did. With BEGIN IMMEDIATE and BEGIN
	// EXCLUSIVE that is when BEGIN returned, otherwise the first INSERT stamps it from within.
	Got int64
	// In is when its rows were in the table and the commit began, 0 where it did not come to that.
	In int64
	// LetGo is when the call returned that let the lock go, 0 where it was never held. In WAL mode
	// a checkpoint that the commit brought with it lies before it, though others may write then.
	LetGo int64
	// Waited is how long the call took that ended it, in ns, where that was an error.
	Waited int64
}

// Again says, after a try that met a lock, whether to try once more; a nil one, that there is
// nobody to ask.
type Again func() bool

// After asks for it where err is a lock error of SQLite's.
func (a Again) After(err error) bool { return a != nil && CodeOf(err).IsLock() && a() }

// transaction is the prepared statements of one transaction, nil where it has none.
type transaction struct {
	begin, read, commit *sqlite.Stmt
	first, rest         inserter
}

// upgradePause is the time between the read and the write of an upgrade, in which an application would
// look at what it has read. Without it hardly anybody else could write in between.
const upgradePause = time.Millisecond

var beginnings = map[string]string{
	scenario.Deferred:  "BEGIN",
	scenario.Immediate: "BEGIN IMMEDIATE",
	scenario.Exclusive: "BEGIN EXCLUSIVE",
	scenario.Upgrade:   "BEGIN",
}

func newTransaction(db *sqlite.Conn, s scenario.Scenario) (t transaction, err error) {
	if s.Txn == scenario.Auto {
		t.first, err = newInserter(db, stamped, s.Batch, stampedEnd, s.Payload)
		return t, err
	}
	if t.first, err = newInserter(db, stamped, 1, "", s.Payload); err != nil {
		return t, err
	}
	if s.Batch > 1 {
		if t.rest, err = newInserter(db, plain, 1, "", s.Payload); err != nil {
			return t, err
		}
	}
	if s.Txn == scenario.Upgrade {
		if t.read, err = db.Prepare(read); err != nil {
			return t, err
		}
	}
	if t.begin, err = db.Prepare(beginnings[s.Txn]); err != nil {
		return t, err
	}
	t.commit, err = db.Prepare("COMMIT")
	return t, err
}

// Transact inserts rows, a batch, in one transaction of the scenario's kind. It takes the present
// instant, which its caller has just read: reading the clock is a measurable part of an insert that
// is not synced.
//
// A transaction that fails is rolled back, unless what failed is a COMMIT that met a lock, and again
// says to try that once more: the transaction is as good as before then.
func (c *Conn) Transact(now int64, ids []uuid.UUID, again Again) (Trace, error) {
	c.stamp.got, c.stamp.in = 0, 0
	t := Trace{Phase: Insert, Asked: now}
	err := c.steps(&t, &now, ids, again)
	if err != nil {
		t.Waited = host.Now() - now
		c.rollback()
	}
	t.In = c.stamp.in
	if t.Got = c.stamp.got; t.Got != 0 {
		t.LetGo = host.Now()
	}
	return t, err
}

// steps goes from BEGIN to COMMIT, and keeps in t which phase it is in, and in since when that began.
func (c *Conn) steps(t *Trace, since *int64, ids []uuid.UUID, again Again) error {
	if c.txn == scenario.Auto {
		err := c.first.insert(ids...)
		if c.stamp.in != 0 {
			// SQLite's patience is for the whole statement, so since stays where it is.
			t.Phase = Commit
		}
		return err
	}
	t.Phase = Begin
	if err := c.beginning(t, since); err != nil {
		return err
	}
	t.Phase = Insert
	if err := c.first.insert(ids[0]); err != nil {
		return err
	}
	for _, id := range ids[1:] {
		if err := c.rest.insert(id); err != nil {
			return err
		}
	}
	c.stamp.rowsIn()
	t.Phase, *since = Commit, c.stamp.in
	err := run(c.commit)
	for again.After(err) {
		err = run(c.commit)
	}
	return err
}

// beginning is all that comes before the first INSERT.
func (c *Conn) beginning(t *Trace, since *int64) error {
	if err := run(c.begin); err != nil {
		return err
	}
	switch c.txn {
	case scenario.Upgrade:
		return c.readAndPause(t, since)
	case scenario.Deferred:
		*since = t.begun()
	default:
		c.stamp.held()
		*since = c.stamp.got
	}
	return nil
}

// begun notes that the transaction has begun without having asked for a lock, and asks for one now.
func (t *Trace) begun() (now int64) {
	now = host.Now()
	t.Begin, t.Asked = now-t.Asked, now
	return now
}

// readAndPause is what an upgrade does before it asks for the write lock. It is no part of the
// wait for that, unless the read had to wait.
func (c *Conn) readAndPause(t *Trace, since *int64) error {
	*since = host.Now()
	if err := run(c.read); err != nil {
		return err
	}
	waited := host.Now()-*since >= ShortestSleep
	time.Sleep(upgradePause)
	if waited {
		*since = host.Now()
	} else {
		*since = t.begun()
	}
	return nil
}

// rollback ends the transaction that an error has left open, if SQLite has not. Should that fail
// too, the next BEGIN does, and says so.
func (c *Conn) rollback() {
	if !c.db.AutocommitEnabled() {
		_ = execute(c.db, "ROLLBACK")
	}
}
