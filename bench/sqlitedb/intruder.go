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

// Intruder is a connection that does one thing once, under [scenario.IntruderBusy]. It is for one
// goroutine at a time.
type Intruder struct {
	side
	intruder scenario.Intruder
	payload  int
	copy     *sqlite.Conn // of a backup
}

// ConnectIntruder connects as [ConnectReader] does. A backup goes to a file beside the database.
func ConnectIntruder(path string, s scenario.Scenario) (*Intruder, error) {
	conn, err := connectSide(path, s)
	if err != nil {
		return nil, err
	}
	conn.busy.set(scenario.IntruderBusy)
	c := &Intruder{side: conn, intruder: s.Intruder, payload: s.Payload}
	if s.Intruder.Kind == scenario.Backup {
		c.copy, err = sqlite.OpenConn(path+"-backup", sqlite.OpenReadWrite|sqlite.OpenCreate)
		if err != nil {
			c.side.Close()
			return nil, err
		}
	}
	return c, nil
}

// Close closes the connection.
func (c *Intruder) Close() error {
	if c.copy != nil {
		c.copy.Close() // what it holds is not needed
	}
	return c.side.Close()
}

// intrusion is what an intruder may be asked while it works.
type intrusion struct {
	ids  []uuid.UUID         // of the rows of a bulk insert
	hold func(time.Duration) // keeps a transaction open
	over func() bool         // reports whether the round is over
}

var intruderPhases = map[string]outcome.Phase{
	scenario.Backup: outcome.Backup, scenario.Vacuum: outcome.Vacuum, scenario.Bulk: outcome.Bulk,
	scenario.Lock: outcome.Lock, scenario.LongRead: outcome.Read,
}

// Intrude does what the scenario's intruder does. It takes the present instant, which its caller
// has just read, and returns the instant of the end in addition. A bulk insert has the rows of ids.
// A lock and a read call hold with their length. A backup that the round outlasts is given up with
// the error SQLITE_INTERRUPT.
func (c *Intruder) Intrude(
	now int64, ids []uuid.UUID, hold func(time.Duration), over func() bool,
) (trace outcome.Trace, end int64, err error) {
	c.busy.reset()
	lock, err := c.run(intrusion{ids, hold, over})
	rollBack(c.db)
	trace, end = c.trace(intruderPhases[c.intruder.Kind], now, err)
	if c.intruder.Kind == scenario.Vacuum && err == nil {
		// It asks for the lock first (sqlite3RunVacuum in SQLite's vacuum.c).
		lock = cmp.Or(c.busy.waited.To, now)
	}
	if trace.LockAcquired = lock; lock != 0 {
		trace.LockReleased = end
	}
	return trace, end, err
}

// run returns when the intruder acquired the write lock, 0 if it did not or cannot tell.
func (c *Intruder) run(i intrusion) (lock int64, err error) {
	switch c.intruder.Kind {
	case scenario.Backup:
		return 0, c.backUp(i.over)
	case scenario.Vacuum:
		return 0, execute(c.db, "VACUUM")
	case scenario.Bulk:
		return c.locked("BEGIN IMMEDIATE", func() error { return c.insert(i.ids) })
	case scenario.Lock:
		return c.locked("BEGIN EXCLUSIVE", func() error {
			i.hold(c.intruder.Length)
			return nil
		})
	}
	return 0, c.readAndHold(i.hold)
}

// locked does something in a transaction that has the write lock.
func (c *Intruder) locked(begin string, do func() error) (lock int64, err error) {
	if err := execute(c.db, begin); err != nil {
		return 0, err
	}
	lock = clock.Now()
	if err := do(); err != nil {
		return lock, err
	}
	return lock, execute(c.db, "COMMIT")
}

func (c *Intruder) insert(ids []uuid.UUID) error {
	in, err := newInserter(c.db, plain, 1, c.payload)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := in.insert(id); err != nil {
			return err
		}
	}
	return nil
}

func (c *Intruder) readAndHold(hold func(time.Duration)) error {
	if err := execute(c.db, "BEGIN"); err != nil {
		return err
	}
	if err := execute(c.db, readSQL); err != nil {
		return err
	}
	hold(c.intruder.Length)
	return execute(c.db, "COMMIT")
}

// backupPages is how many pages a backup copies under one lock, as many as ".backup" of SQLite's
// shell.
const backupPages = 100

// backUp copies the database. If another connection writes between two steps, SQLite begins again
// (https://www.sqlite.org/c3ref/backup_finish.html), so on a busy file it may never end.
func (c *Intruder) backUp(over func() bool) error {
	b, err := sqlite.NewBackup(c.copy, "main", c.db, "main")
	if err != nil {
		return err
	}
	defer b.Close()
	for {
		more, err := b.Step(backupPages)
		switch {
		case err != nil || !more:
			return err
		case over():
			return sqlite.ResultInterrupt.ToError()
		}
	}
}
