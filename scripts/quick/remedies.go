package main

import (
	"fmt"

	"busybench/bench/scenario"
)

// remedy is a change of one setting.
type remedy struct {
	name  string
	calls []string // what it is called in libraries, a line each
}

// remedyFor returns the remedy that leads from one combination of settings to another, which
// differs in one value. Sources:
//
//   - Django: https://docs.djangoproject.com/en/5.1/ref/databases/#sqlite-notes (5.1 or later)
//   - SQLAlchemy: https://docs.sqlalchemy.org/en/20/dialects/sqlite.html; connect_args are those of
//     https://docs.python.org/3/library/sqlite3.html#sqlite3.connect
//   - mattn: https://pkg.go.dev/github.com/mattn/go-sqlite3#SQLiteDriver.Open
//   - modernc: https://pkg.go.dev/modernc.org/sqlite#Driver.Open
func remedyFor(from, to settings) remedy {
	switch {
	case from.txn != to.txn:
		return remedy{"BEGIN IMMEDIATE", []string{
			`Django      OPTIONS: "transaction_mode": "IMMEDIATE"`,
			`SQLAlchemy  connect_args={"isolation_level": "IMMEDIATE"}`,
			`Go DSN      _txlock=immediate (mattn, modernc)`,
		}}
	case from.journal != to.journal:
		return remedy{"WAL mode", []string{
			`once        PRAGMA journal_mode=WAL; it stays in the file`,
			`Django      OPTIONS: "init_command": "PRAGMA journal_mode=WAL"`,
			`Go DSN      _journal_mode=WAL; modernc _pragma=journal_mode(WAL)`,
		}}
	case from.conn != to.conn:
		return remedy{"one shared connection", []string{
			"Go          db.SetMaxOpenConns(1) of database/sql",
		}}
	case to.busy == scenario.Queue:
		return remedy{"a queue", []string{
			"flock(2) on a file beside the database, before connecting to it:",
			"Python      fcntl.flock, or the package filelock",
			"Go          unix.Flock of golang.org/x/sys/unix",
		}}
	}
	ms, s := scenario.DefaultTimeout.Milliseconds(), scenario.DefaultTimeout.Seconds()
	return remedy{fmt.Sprintf("a busy timeout of %.0fs", s), []string{
		fmt.Sprintf(`Django      OPTIONS: "timeout": %.0f`, s),
		fmt.Sprintf(`SQLAlchemy  connect_args={"timeout": %.0f}`, s),
		fmt.Sprintf("Go DSN      _busy_timeout=%d; modernc _pragma=busy_timeout(%d)", ms, ms),
	}}
}
