package sqlitedb

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// setupPatience is how long [WithSetupTimeout] lets connecting wait for others that connect too. The
// first connection to a WAL file builds its index under an exclusive lock.
const setupTimeout = time.Minute

// ShortestSleep is the first and shortest sleep, in ns, of SQLite's busy timeout
// (sqliteDefaultBusyCallback in SQLite's main.c). What took less did not wait for a lock.
const ShortestSleep = int64(time.Millisecond)

// WithSetupTimeout returns s with a busy timeout long enough to connect in, for connections that are
// made before the clock starts and get the scenario's own policy afterwards, by SetBusy.
func WithSetupTimeout(s scenario.Scenario) scenario.Scenario {
	s.Busy = scenario.Busy{Policy: scenario.Timeout, Timeout: setupTimeout}
	return s
}

// Conn is one writer's connection. It is for one goroutine at a time.
type Conn struct {
	db    *sqlite.Conn
	txn   string
	probe *lockProbe
	statements
	current
}

// Connect opens the database at path with the scenario's settings, and reads journal mode and
// synchronous back: a difference is an error. Reading the schema for that takes a shared lock
// for a moment, as the first statement on any new connection does, so that Connect too can end
// in a lock error.
func Connect(path string, s scenario.Scenario) (*Conn, error) {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	c, err := newConn(db, s)
	if err != nil {
		db.Close()
		return nil, err
	}
	return c, nil
}

func newConn(db *sqlite.Conn, s scenario.Scenario) (c *Conn, err error) {
	c = &Conn{db: db, txn: s.Txn}
	c.SetBusy(s.Busy)
	if err := synchronous(db, s); err != nil {
		return nil, err
	}
	if err := journalMode(db, s); err != nil {
		return nil, err
	}
	if c.probe, err = newLockProbe(db); err != nil {
		return nil, err
	}
	c.statements, err = newStatements(db, s)
	return c, err
}

// SetBusy says what the connection does from now on when it meets a lock. The driver's own
// state after opening, an endless wait, never remains unasked. Where a policy of ours does the
// waiting, SQLite must not: not at all under retry, and under queue, where nobody should be in
// the way, no longer than the queue's own bound.
func (c *Conn) SetBusy(b scenario.Busy) {
	switch b.Policy {
	case scenario.Block:
		c.db.SetBlockOnBusy()
	case scenario.Timeout, scenario.Queue:
		c.db.SetBusyTimeout(b.Timeout)
	default:
		c.db.SetBusyTimeout(0)
	}
}

// Hold takes the write lock, which stays taken until the connection is closed.
func (c *Conn) BeginImmediate() error { return execute(c.db, "BEGIN IMMEDIATE") }

// readSQL reads the table, which takes a shared lock.
const readSQL = "SELECT max(rowid) FROM messages"

// Read begins to read, which keeps commits with a rollback journal out until the connection is closed.
func (c *Conn) BeginRead() error {
	if err := execute(c.db, "BEGIN"); err != nil {
		return err
	}
	return execute(c.db, readSQL)
}

// Close closes the connection. Where it is the last one of a WAL file, SQLite checkpoints and
// removes the log.
func (c *Conn) Close() error { return c.db.Close() }

// journalMode sets the scenario's journal mode on one connection and reads back the one in
// force. WAL is a property of the file, and delete is what a connection begins with: asking for
// these would hide that the file is not what Create made, so they are only read.
func journalMode(db *sqlite.Conn, s scenario.Scenario) error {
	wanted := s.Journal
	if wanted == scenario.WAL || wanted == scenario.Delete {
		wanted = ""
	}
	mode, err := pragma(db, "journal_mode", wanted)
	if err == nil && mode != s.Journal {
		err = fmt.Errorf("journal_mode reads back as %s, not %s", mode, s.Journal)
	}
	return err
}

// synchronousLevels are the numbers that PRAGMA synchronous reads back
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
var synchronousLevels = map[string]string{"off": "0", "normal": "1", "full": "2", "extra": "3"}

func synchronous(db *sqlite.Conn, s scenario.Scenario) error {
	if _, err := pragma(db, "synchronous", s.Sync); err != nil {
		return err
	}
	level, err := pragma(db, "synchronous", "")
	if err == nil && level != synchronousLevels[s.Sync] {
		err = fmt.Errorf("synchronous reads back as %s, not %s (%s)", level, synchronousLevels[s.Sync], s.Sync)
	}
	return err
}

func execute(db *sqlite.Conn, query string) error { return sqlitex.ExecuteTransient(db, query, nil) }

// pragma sets a PRAGMA, or only asks for it where value is empty, and returns the value that it
// answers, if any.
func pragma(db *sqlite.Conn, name, value string) (answer string, err error) {
	query := "PRAGMA " + name
	if value != "" {
		query += "=" + value
	}
	err = sqlitex.ExecuteTransient(db, query, &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			answer = stmt.ColumnText(0)
			return nil
		},
	})
	return answer, err
}

// ResultCode returns the SQLite result code of err: 0 for nil, and SQLITE_ERROR for an error that
// did not come from SQLite.
func ResultCode(err error) outcome.Code { return outcome.Code(sqlite.ErrCode(err)) }
