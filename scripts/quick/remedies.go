package main

import (
	"fmt"
	"time"

	"busybench/bench/scenario"
)

// remedy is a change of one setting, in the words of SQLite and of those who use it.
type remedy struct {
	name  string
	calls []call // what it is called elsewhere
}

// call is what a remedy is called in a library.
type call struct{ library, text string }

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
		return remedy{"BEGIN IMMEDIATE", []call{
			{"Django", `OPTIONS = {"transaction_mode": "IMMEDIATE"}`},
			{"SQLAlchemy", `connect_args={"isolation_level": "IMMEDIATE"}`},
			{"Go (mattn, modernc)", "file:app.db?_txlock=immediate"},
		}}
	case from.journal != to.journal:
		return remedy{"WAL mode", []call{
			{"once, by hand", `sqlite3 app.db 'PRAGMA journal_mode=WAL'`},
			{"Django", `OPTIONS = {"init_command": "PRAGMA journal_mode=WAL"}`},
			{"Go", "_journal_mode=WAL (mattn), _pragma=journal_mode(WAL) (modernc)"},
		}}
	case from.conn != to.conn:
		return remedy{"one shared connection", []call{
			{"database/sql", "db.SetMaxOpenConns(1)"},
		}}
	case to.busy == scenario.Queue:
		return remedy{"a queue", []call{
			{"Python", "fcntl.flock, or the package filelock, on a file beside the database"},
			{"Go", "golang.org/x/sys/unix.Flock on such a file, before each transaction"},
		}}
	}
	return timeoutRemedy(scenario.DefaultTimeout)
}

// timeoutRemedy returns the remedy of a busy timeout.
func timeoutRemedy(d time.Duration) remedy {
	ms := d.Milliseconds()
	return remedy{fmt.Sprintf("a busy timeout of %v", d), []call{
		{"Django", fmt.Sprintf(`OPTIONS = {"timeout": %.0f}`, d.Seconds())},
		{"SQLAlchemy", fmt.Sprintf(`connect_args={"timeout": %.0f}`, d.Seconds())},
		{"Go", fmt.Sprintf("_busy_timeout=%d (mattn), _pragma=busy_timeout(%d) (modernc)", ms, ms)},
	}}
}
