package sqlitedb

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// setupTimeout bounds how long a connection waits for others that connect at the same time. The
// first connection to a WAL file builds its index under an exclusive lock.
const setupTimeout = time.Minute

// ShortestSleep is the first and shortest sleep, in ns, of SQLite's busy timeout
// (sqliteDefaultBusyCallback in SQLite's main.c). A call that took less did not wait for a lock.
const ShortestSleep = int64(time.Millisecond)

// WithSetupTimeout returns s with a busy timeout of a minute, for connections that are made before
// the clock starts. SetBusy gives them the scenario's own policy afterwards.
func WithSetupTimeout(s scenario.Scenario) scenario.Scenario {
	s.Busy = scenario.Busy{Policy: scenario.Timeout, Timeout: setupTimeout}
	return s
}

// Conn is a connection to the database. It is for one goroutine at a time.
type Conn struct {
	db    *sqlite.Conn
	txn   string
	probe *lockProbe
	statements
	current
}

// Connect opens the database at path with the scenario's settings. It reads journal mode and
// synchronous back, and a difference is an error. Like the first statement of any new connection,
// that reads the schema under a shared lock, so Connect can return a lock error.
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

// newConn applies the scenario's settings to a connection. The caller closes db on error.
func newConn(db *sqlite.Conn, s scenario.Scenario) (*Conn, error) {
	c := &Conn{db: db, txn: s.Txn}
	c.SetBusy(s.Busy)
	if err := setSynchronous(db, s); err != nil {
		return nil, err
	}
	if err := setJournalMode(db, s); err != nil {
		return nil, err
	}
	var err error
	if c.probe, err = newLockProbe(db); err != nil {
		return nil, err
	}
	if c.statements, err = newStatements(db, s); err != nil {
		return nil, err
	}
	return c, nil
}

// SetBusy sets what the connection does when it meets a lock. It always replaces the driver's
// default, which is to wait without end. Under busy=retry the writer does the waiting, so SQLite
// must not wait at all. Under busy=queue no other writer should hold a lock, so SQLite may wait as
// long as the queue's own timeout.
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

// BeginImmediate takes the write lock and holds it until the connection is closed.
func (c *Conn) BeginImmediate() error { return execute(c.db, "BEGIN IMMEDIATE") }

// readSQL reads the table, which takes a shared lock.
const readSQL = "SELECT max(rowid) FROM messages"

// BeginRead takes a shared lock and holds it until the connection is closed. With a rollback
// journal no other connection can commit until then.
func (c *Conn) BeginRead() error {
	if err := execute(c.db, "BEGIN"); err != nil {
		return err
	}
	return execute(c.db, readSQL)
}

// Close closes the connection. If it is the last one of a WAL file, SQLite checkpoints the file and
// removes the log.
func (c *Conn) Close() error { return c.db.Close() }

// setJournalMode sets the scenario's journal mode on one connection and reads it back. WAL is a
// property of the file, and delete is the mode of a new connection. These two are only read:
// setting them would hide that the file is not as Create made it.
func setJournalMode(db *sqlite.Conn, s scenario.Scenario) error {
	set := s.Journal
	if set == scenario.WAL || set == scenario.Delete {
		set = ""
	}
	mode, err := pragma(db, "journal_mode", set)
	if err == nil && mode != s.Journal {
		err = fmt.Errorf("journal_mode reads back as %s, not %s", mode, s.Journal)
	}
	return err
}

// synchronousLevels are the numbers that PRAGMA synchronous reads back
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
var synchronousLevels = map[string]string{"off": "0", "normal": "1", "full": "2", "extra": "3"}

// setSynchronous sets the scenario's level of synchronous on one connection and reads it back.
func setSynchronous(db *sqlite.Conn, s scenario.Scenario) error {
	if _, err := pragma(db, "synchronous", s.Sync); err != nil {
		return err
	}
	level, err := pragma(db, "synchronous", "")
	if want := synchronousLevels[s.Sync]; err == nil && level != want {
		err = fmt.Errorf("synchronous reads back as %s, not %s (%s)", level, want, s.Sync)
	}
	return err
}

func execute(db *sqlite.Conn, query string) error {
	return sqlitex.ExecuteTransient(db, query, nil)
}

// pragma sets a PRAGMA, or only reads it if value is empty. It returns what SQLite answers, if
// anything.
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
