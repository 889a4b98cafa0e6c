package sqlitedb

import (
	"cmp"
	"fmt"
	"strconv"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// schemaVersion is the user_version of a file with the table
// (https://www.sqlite.org/pragma.html#pragma_user_version).
const schemaVersion = 1

// ColdStart is a connection that a program makes when it starts: the file may be missing, in
// another journal mode, or as a killed program left it. It is for one goroutine at a time.
type ColdStart struct {
	db       *sqlite.Conn
	busy     *busyHandler
	scenario scenario.Scenario

	// Of the current step:
	waitStart int64 // when a lock was first refused, 0 if none was
	callStart int64 // when the current statement began
}

// ColdSteps are the steps of a cold start after it has opened the file.
var ColdSteps = []outcome.Phase{outcome.Journal, outcome.Schema, outcome.FirstRead}

// OpenCold opens the file, or creates it. That takes no lock: SQLite reads the file when it runs
// the first statement.
func OpenCold(path string, s scenario.Scenario) (*ColdStart, error) {
	db, err := sqlite.OpenConn(path, openFlags(s), sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	return &ColdStart{db: db, busy: newBusyHandler(db), scenario: s}, nil
}

// Close closes the connection.
func (c *ColdStart) Close() error {
	removeBusyHandler(c.db)
	return c.db.Close()
}

// Step makes one of [ColdSteps]. It takes the present instant and returns that of the end. A
// step that fails may be repeated: it leaves no transaction open.
func (c *ColdStart) Step(
	now int64, step outcome.Phase,
) (trace outcome.Trace, end int64, err error) {
	c.waitStart, c.callStart = 0, now
	c.busy.reset()
	switch step {
	case outcome.Journal:
		err = c.setJournal()
	case outcome.Schema:
		err = c.setUp()
	case outcome.FirstRead:
		err = execute(c.db, readSQL)
	}
	end = clock.Now()
	return outcome.Trace{
		Phase:     step,
		WaitStart: cmp.Or(c.waitStart, refused(err, c.busy.waited, end).From),
		LockWait:  lockWait(err, c.busy.waited, outcome.Span{From: c.callStart, To: end}),
	}, end, err
}

// next records that a statement of a step succeeded and another begins, which SQLite gives a busy
// timeout of its own.
func (c *ColdStart) next() {
	c.waitStart = cmp.Or(c.waitStart, c.busy.waited.From)
	c.busy.reset()
	c.callStart = clock.Now()
}

// setJournal sets the journal mode, and the busy timeout before or after it.
func (c *ColdStart) setJournal() error {
	if c.scenario.Order == scenario.TimeoutFirst {
		c.busy.set(c.scenario.Busy)
	}
	mode, err := pragma(c.db, "journal_mode", c.scenario.Journal)
	if err == nil && mode != c.scenario.Journal {
		err = fmt.Errorf("journal_mode reads back as %s, not %s", mode, c.scenario.Journal)
	}
	if err == nil {
		c.busy.set(c.scenario.Busy)
	}
	return err
}

// setUp sets the other pragmas and migrates the schema.
func (c *ColdStart) setUp() error {
	if err := setSynchronous(c.db, c.scenario); err != nil {
		return err
	}
	if err := setPragmas(c.db, c.scenario.Pragmas); err != nil {
		return err
	}
	c.next()
	// With txn=upgrade the version is read in the transaction.
	if c.scenario.Txn != scenario.Upgrade && c.scenario.Migrate == scenario.MigrateOnce {
		if version, err := readVersion(c.db); err != nil || version == schemaVersion {
			return err
		}
		c.next()
	}
	return c.migrate()
}

// migrate creates the table in a transaction of the scenario's kind, or with txn=auto without one.
func (c *ColdStart) migrate() (err error) {
	if c.scenario.Txn == scenario.Auto {
		return c.createTable()
	}
	if err := execute(c.db, beginSQL[c.scenario.Txn]); err != nil {
		return err
	}
	c.next()
	defer func() {
		if !c.db.AutocommitEnabled() {
			_ = execute(c.db, "ROLLBACK") // if it fails, the next BEGIN fails and reports it
		}
	}()
	version := 0
	if c.scenario.Txn == scenario.Upgrade {
		if version, err = readVersion(c.db); err != nil {
			return err
		}
		c.next()
	}
	if version < schemaVersion || c.scenario.Migrate == scenario.MigrateEach {
		if err := c.createTable(); err != nil {
			return err
		}
		c.next()
	}
	return execute(c.db, "COMMIT")
}

func (c *ColdStart) createTable() error {
	if err := execute(c.db, schemaIfMissing); err != nil {
		return err
	}
	c.next()
	return setVersion(c.db)
}

func setVersion(db *sqlite.Conn) error {
	_, err := pragma(db, "user_version", strconv.Itoa(schemaVersion))
	return err
}

func readVersion(db *sqlite.Conn) (int, error) {
	text, err := pragma(db, "user_version", "")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

// MarkMigrated sets the user_version of a file that has the table and that no other connection has
// open.
func MarkMigrated(path string) error {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetBusyTimeout(0)
	return setVersion(db)
}

// Started describes a file after a cold start, when no connection has it open.
type Started struct {
	Journal string // wal, or delete for any other mode
	Version int    // 0 or schemaVersion
	Objects int    // tables and other objects of the schema
}

// ReadStarted reads what a cold start left. Together with [Audit] it checks the file in full.
func ReadStarted(path string) (s Started, err error) {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return s, err
	}
	defer db.Close()
	db.SetBusyTimeout(setupTimeout)
	if s.Journal, err = pragma(db, "journal_mode", ""); err != nil {
		return s, err
	}
	if s.Version, err = readVersion(db); err != nil {
		return s, err
	}
	err = sqlitex.ExecuteTransient(db, "SELECT count(*) FROM sqlite_schema", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			s.Objects = stmt.ColumnInt(0)
			return nil
		},
	})
	return s, err
}

// Migrated reports whether the file has the table, once, and its version.
func (s Started) Migrated() bool { return s.Objects == 1 && s.Version == schemaVersion }
