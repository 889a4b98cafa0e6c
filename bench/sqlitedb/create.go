package sqlitedb

import (
	"fmt"
	"iter"
	"os"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// schema is the table that writers insert into. A cold start creates it with schemaIfMissing.
const (
	columns         = `messages(ts DATE DEFAULT (datetime('now','localtime')), msg TEXT)`
	schema          = "CREATE TABLE " + columns
	schemaIfMissing = "CREATE TABLE IF NOT EXISTS " + columns
)

// Create makes a new database file at path, in the scenario's journal mode, with the table and a
// row for each id. It is an error if the file exists.
//
// Create sets the journal mode, because writers that all switched a new file to WAL would meet each
// other's locks. It syncs what it writes (the driver's default is synchronous=full), so that no
// writer's first sync has to. It leaves no connection open.
func Create(path string, s scenario.Scenario, ids iter.Seq[uuid.UUID]) error {
	return CreateFor(nil, path, s, ids)
}

// CreateFor is [Create] for an SQL file, unless it is nil: it also runs the -- setup sections, in
// the same transaction.
func CreateFor(
	file *workload.Workload, path string, s scenario.Scenario, ids iter.Seq[uuid.UUID],
) (err error) {
	// SQLite would open an existing file. It takes an empty one for a new database.
	empty, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	empty.Close()
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	defer func() {
		if closeErr := db.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("create database %s: %w", path, closeErr)
		}
	}()
	db.SetBusyTimeout(0)
	mode, err := pragma(db, "journal_mode", s.Journal)
	if err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	if mode != s.Journal {
		return fmt.Errorf("create database %s: journal_mode reads back as %s, not %s",
			path, mode, s.Journal)
	}
	if err := fill(db, file, s, ids); err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	return nil
}

// fill creates the table and its first rows, and runs the setup of an SQL file, in one transaction.
func fill(
	db *sqlite.Conn, file *workload.Workload, s scenario.Scenario, ids iter.Seq[uuid.UUID],
) error {
	if err := execute(db, "BEGIN"); err != nil {
		return err
	}
	if err := execute(db, schema); err != nil {
		return err
	}
	if file != nil {
		if err := runStatements(db, file.Name, file.Setup); err != nil {
			return err
		}
	}
	in, err := newInserter(db, plain, 1, s.Payload)
	if err != nil {
		return err
	}
	for id := range ids {
		if err := in.insert(id); err != nil {
			return err
		}
	}
	return execute(db, "COMMIT")
}
