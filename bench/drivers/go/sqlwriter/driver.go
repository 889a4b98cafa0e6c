// Package sqlwriter is a writer over database/sql, as programs use it: see package protocol of
// busybench for what it does, and the programs beside it for the drivers.
package sqlwriter

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// Driver is what differs between the drivers of database/sql.
type Driver struct {
	Name   string // of the driver in database/sql
	Module string // its path
	// DSN returns the data source name of a file that must exist. Its connections have a busy
	// timeout in ms. Their BEGIN is deferred, immediate or exclusive.
	DSN func(path string, timeout int64, begin string) string
	// Code returns the extended result code of an error of the driver, false of any other.
	Code func(err error) (code int, ok bool)
	// Sync is the system call of a sync, if it is known.
	Sync string
	// SharedCache reports that a parameter cache=shared of the DSN has an effect.
	SharedCache bool
}

// describe returns what the hello says.
func (d Driver) describe() (protocol.Driver, error) {
	described := protocol.Driver{
		Name: d.Module, Version: moduleVersion(d.Module), Sync: d.Sync,
		Capabilities: protocol.Capabilities{
			Roles: []outcome.Role{outcome.Writer, outcome.Reader},
			Exec:  []string{scenario.Process, scenario.Goroutine},
			// database/sql has no busy handlers, so there is no poll and no block.
			Busy: []string{scenario.None, scenario.Timeout, scenario.Retry, scenario.Queue},
			Txn: []string{
				scenario.Auto, scenario.Deferred, scenario.Immediate, scenario.Exclusive,
				scenario.Upgrade,
			},
			Conn:  []string{scenario.Fresh, scenario.Held, scenario.Pool, scenario.Mutex},
			Queue: []string{scenario.AtConnection, scenario.AtTransaction},
			Hold:  true, Rate: true, Pragmas: true, Checkpoint: true, RetryRange: true,
			Stream: true,
			SQL:    true, SharedCache: d.SharedCache,
		},
	}
	db, err := sql.Open(d.Name, ":memory:")
	if err != nil {
		return described, err
	}
	defer db.Close()
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&described.SQLite); err != nil {
		return described, err
	}
	rows, err := db.Query("PRAGMA compile_options")
	if err != nil {
		return described, err
	}
	defer rows.Close()
	for rows.Next() {
		var option string
		if err := rows.Scan(&option); err != nil {
			return described, err
		}
		described.CompileOptions = append(described.CompileOptions, option)
	}
	return described, rows.Err()
}

// moduleVersion returns the version of a module in this program.
func moduleVersion(path string) string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			return module.Version
		}
	}
	return ""
}

// handle is a [sql.DB] or a [sql.Conn].
type handle interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
	execer
}

// execer is a [handle] or a [sql.Tx].
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// begins are the kinds of BEGIN of the values of the axis txn.
var begins = map[string]string{
	scenario.Auto: "deferred", scenario.Deferred: "deferred", scenario.Immediate: "immediate",
	scenario.Exclusive: "exclusive", scenario.Upgrade: "deferred",
}

// openDB returns a pool of connections with a busy timeout in ms. It opens none yet.
func (d Driver) openDB(path string, s scenario.Scenario, timeout int64) (*sql.DB, error) {
	dsn := d.DSN(path, timeout, begins[s.Txn])
	if s.Cache == scenario.SharedCache {
		dsn += "&cache=shared"
	}
	return sql.Open(d.Name, dsn)
}

// open opens a pool of one connection with the settings of a scenario.
func (d Driver) open(path string, s scenario.Scenario, timeout int64) (*sql.DB, error) {
	db, err := d.openDB(path, s, timeout)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := apply(db, s); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// apply applies the settings of a scenario to a connection, and reads the journal mode back.
func apply(on execer, s scenario.Scenario) error {
	ctx := context.Background()
	pragmas := "PRAGMA synchronous=" + s.Sync
	if pages, given := s.Checkpoint.AutoPages(); given && s.Journal == scenario.WAL {
		pragmas += fmt.Sprint("; PRAGMA wal_autocheckpoint=", pages)
	}
	for name, value := range s.Pragmas.All() {
		pragmas += fmt.Sprintf("; PRAGMA %s=%s", name, value)
	}
	if _, err := on.ExecContext(ctx, pragmas); err != nil {
		return err
	}
	query := "PRAGMA journal_mode"
	if s.Journal != scenario.WAL && s.Journal != scenario.Delete { // these are of the file
		query += "=" + s.Journal
	}
	var mode string
	if err := on.QueryRowContext(ctx, query).Scan(&mode); err != nil {
		return err
	}
	if mode != s.Journal {
		return fmt.Errorf("journal_mode reads back as %s, not %s", mode, s.Journal)
	}
	return nil
}
