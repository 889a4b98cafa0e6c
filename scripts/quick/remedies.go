package main

import (
	"fmt"

	"busybench/bench/scenario"
)

// remedy is a change of one setting.
type remedy struct {
	name  string
	how   string   // in SQL or in a few words
	calls []string // what it is called in libraries, a line each
}

// remedyFor returns the remedy that leads from one combination of settings to another, which
// differs in one value. Sources:
//
//   - Django: https://docs.djangoproject.com/en/5.1/ref/databases/#sqlite-notes; its options
//     transaction_mode and init_command are new in 5.1
//   - SQLAlchemy: https://docs.sqlalchemy.org/en/20/dialects/sqlite.html; its connections are those
//     of https://docs.python.org/3/library/sqlite3.html, which begin no transaction before a SELECT
//   - mattn: https://pkg.go.dev/github.com/mattn/go-sqlite3#SQLiteDriver.Open
//   - modernc: https://pkg.go.dev/modernc.org/sqlite#Driver.Open
func remedyFor(exec string, from, to settings) remedy {
	r := remedyInAnyLanguage(from, to)
	if exec == scenario.Goroutine {
		r.calls = r.calls[len(r.calls)-1:] // the one for Go
	}
	return r
}

func remedyInAnyLanguage(from, to settings) remedy {
	switch {
	case from.txn != to.txn:
		return remedy{"BEGIN IMMEDIATE", "instead of BEGIN", []string{
			`Django 5.1  OPTIONS: "transaction_mode": "IMMEDIATE"`,
			`SQLAlchemy  event "begin": conn.exec_driver_sql("BEGIN IMMEDIATE")`,
			`Go DSN      _txlock=immediate (mattn, modernc)`,
		}}
	case from.journal != to.journal:
		return remedy{"WAL", "PRAGMA journal_mode=WAL, once", []string{
			`Django 5.1  OPTIONS: "init_command": "PRAGMA journal_mode=WAL;"`,
			`SQLAlchemy  event "connect": execute("PRAGMA journal_mode=WAL")`,
			`Go DSN      _journal_mode=WAL (mattn), _pragma=journal_mode(WAL)`,
		}}
	case from.conn != to.conn:
		return remedy{"one shared connection", "SetMaxOpenConns(1)", []string{
			"Go          db.SetMaxOpenConns(1) of database/sql",
		}}
	case to.busy == scenario.Queue:
		return remedy{"a queue", "flock before connecting", []string{
			"flock(2) on a file beside the database, before connecting to it:",
			"Python      fcntl.flock, or the package filelock",
			"Go          unix.Flock of golang.org/x/sys/unix",
		}}
	}
	ms, s := scenario.DefaultTimeout.Milliseconds(), scenario.DefaultTimeout.Seconds()
	return remedy{"a busy timeout", fmt.Sprintf("PRAGMA busy_timeout=%d", ms), []string{
		fmt.Sprintf(`Django      OPTIONS: "timeout": %.0f`, s),
		fmt.Sprintf(`SQLAlchemy  connect_args={"timeout": %.0f}`, s),
		fmt.Sprintf("Go DSN      _busy_timeout=%d (mattn), _pragma=busy_timeout(%d)", ms, ms),
	}}
}
