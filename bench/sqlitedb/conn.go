package sqlitedb

import (
	"fmt"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// setupTimeout bounds how long a connection waits for others that connect at the same time. The
// first connection to a WAL file builds its index under an exclusive lock.
const setupTimeout = time.Minute

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
	hold  scenario.Pause
	busy  *busyHandler
	probe *lockProbe
	statements
	current
	script *script // nil unless an SQL file is used
}

// Opening describes how a connection was made. All are in ns.
type Opening struct {
	End       int64 // the instant at which it was made, or failed
	Duration  int64 // how long it took, without the time in which a lock was refused
	WaitStart int64 // when a lock was first refused, 0 if none was
	LockWait  int64 // as of [outcome.Trace]
}

// Connect opens the database at path with the scenario's settings. It reads journal mode and
// synchronous back, and a difference is an error. Like the first statement of any new connection,
// that reads the schema under a shared lock, so Connect can return a lock error.
func Connect(path string, s scenario.Scenario) (*Conn, error) {
	c, _, err := ConnectAt(clock.Now(), path, s)
	return c, err
}

// ConnectAt is [Connect] for a caller that measures it. It takes the present instant, which its
// caller has just read.
func ConnectAt(now int64, path string, s scenario.Scenario) (*Conn, Opening, error) {
	db, err := sqlite.OpenConn(path, openFlags(s))
	if err != nil {
		end := clock.Now()
		return nil, Opening{End: end, Duration: end - now}, err
	}
	c := newConn(db, s)
	err = c.prepare(s)
	o := c.opening(err, now)
	if err != nil {
		c.Close()
		return nil, o, err
	}
	return c, o, nil
}

// openFlags returns the flags with which the scenario's participants open the database.
func openFlags(s scenario.Scenario) sqlite.OpenFlags {
	if s.Cache == scenario.SharedCache {
		return sqlite.OpenReadWrite | sqlite.OpenSharedCache
	}
	return sqlite.OpenReadWrite
}

// opening describes how the connection was made, or failed with err, since an instant.
func (c *Conn) opening(err error, since int64) Opening {
	end := clock.Now()
	wait := refused(err, c.busy.waited, end)
	return Opening{
		End:       end,
		Duration:  end - since - length(wait),
		WaitStart: wait.From,
		LockWait:  lockWait(err, c.busy.waited, outcome.Span{From: since, To: end}),
	}
}

// newConn returns a connection with the scenario's busy policy. It must be closed.
func newConn(db *sqlite.Conn, s scenario.Scenario) *Conn {
	c := &Conn{db: db, txn: s.Txn, hold: s.Hold, busy: newBusyHandler(db)}
	c.SetBusy(s.Busy)
	return c
}

// prepare applies the rest of the scenario's settings and prepares the statements.
func (c *Conn) prepare(s scenario.Scenario) (err error) {
	if err := applySettings(c.db, s); err != nil {
		return err
	}
	if c.probe, err = newLockProbe(c.db, c.busy); err != nil {
		return err
	}
	c.statements, err = newStatements(c.db, s, probed)
	return err
}

// SetBusy sets what the connection does when it meets a lock.
func (c *Conn) SetBusy(b scenario.Busy) { c.busy.set(b) }

// BeginImmediate takes the write lock and holds it until the connection is closed.
func (c *Conn) BeginImmediate() error { return execute(c.db, "BEGIN IMMEDIATE") }

// BeginExclusive takes all locks and holds them until the connection is closed.
func (c *Conn) BeginExclusive() error { return execute(c.db, "BEGIN EXCLUSIVE") }

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
func (c *Conn) Close() error {
	removeBusyHandler(c.db)
	return c.db.Close()
}

// applySettings sets synchronous, the journal mode and other pragmas.
func applySettings(db *sqlite.Conn, s scenario.Scenario) error {
	if err := setSynchronous(db, s); err != nil {
		return err
	}
	if err := setJournalMode(db, s); err != nil {
		return err
	}
	if pages, given := s.Checkpoint.AutoPages(); given && s.Journal == scenario.WAL {
		// SQLite answers with the value that it has set.
		if _, err := pragma(db, "wal_autocheckpoint", strconv.Itoa(pages)); err != nil {
			return err
		}
	}
	return setPragmas(db, s.Pragmas)
}

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
