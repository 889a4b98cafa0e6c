package anatomy

import (
	"slices"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// The steps of a cold start. What SQLite does in PRAGMA journal_mode was read in vdbe.c
// (OP_JournalMode), btree.c (sqlite3BtreeSetVersion) and pager.c (sqlite3PagerCloseWal):
//
//   - It reads the schema first, like any statement of a new connection. For that it waits.
//   - To enter WAL mode it begins to read, and then asks for the write lock, for which
//     btreeBeginTrans does not call the busy handler of a connection that reads.
//   - To leave WAL mode it asks for the exclusive lock of the file, without the busy handler. Every
//     connection to a file in WAL mode has a shared one.

// isColdStart reports whether a phase is a step of a cold start.
func isColdStart(p outcome.Phase) bool {
	return p == outcome.Journal || p == outcome.Schema || p == outcome.FirstRead
}

// findsWAL reports whether the file of a cold start was in WAL mode before it.
func findsWAL(s scenario.Scenario) bool {
	return slices.Contains([]string{scenario.WALFile, scenario.AbandonedFile}, s.File)
}

// entersWAL and leavesWAL report whether PRAGMA journal_mode had to switch the file.
func entersWAL(s scenario.Scenario, k Kind) bool {
	return k.Phase == outcome.Journal && s.Journal == scenario.WAL && !findsWAL(s)
}

func leavesWAL(s scenario.Scenario, k Kind) bool {
	return k.Phase == outcome.Journal && s.Journal != scenario.WAL && findsWAL(s)
}

// isBeforeTimeout reports whether the busy timeout was not set yet.
func isBeforeTimeout(s scenario.Scenario, k Kind) bool {
	return k.Phase == outcome.Journal && k.Code.Primary() == outcome.Busy &&
		s.Order == scenario.PragmaFirst && s.Busy.SQLiteWaits()
}

// isRefusedWhileReading reports whether SQLite did not wait although it had a timeout, because the
// connection asked for a lock in addition to one that it had.
func isRefusedWhileReading(s scenario.Scenario, k Kind) bool {
	atOnce := k.Code == outcome.Busy && k.Waited == NoWait && s.Busy.SQLiteWaits()
	return atOnce && !isBeforeTimeout(s, k) &&
		(entersWAL(s, k) || leavesWAL(s, k) || readsBeforeMigration(s, k))
}

// readsBeforeMigration reports whether the transaction that creates the table may have read before
// it asked for the write lock: the version, or with CREATE TABLE IF NOT EXISTS that it is there.
func readsBeforeMigration(s scenario.Scenario, k Kind) bool {
	return k.Phase == outcome.Schema && (s.Txn == scenario.Upgrade || s.Txn == scenario.Deferred)
}

// coldCause returns the cause of SQLITE_BUSY in a cold start.
func coldCause(s scenario.Scenario, k Kind) string {
	isWAL := s.Journal == scenario.WAL
	switch {
	case leavesWAL(s, k):
		return "another connection had the file open, and only the last one can leave WAL mode"
	case k.Phase == outcome.Journal && s.File == scenario.HotFile:
		return "another connection was rolling the hot journal back or switching the file"
	case entersWAL(s, k):
		return "another connection was writing or switching the file while this one was reading it"
	case isRefusedWhileReading(s, k):
		return "another connection held the write lock while this one was reading"
	case k.Phase == outcome.Schema:
		return "another connection was writing, such as to create the table"
	case isWAL:
		return "another connection had the file for itself, as the last one to close does"
	}
	return "another connection kept readers out, as COMMIT with a rollback journal does"
}

// coldRemedy returns the remedy of SQLITE_BUSY in a cold start, in any extended form.
func coldRemedy(s scenario.Scenario, k Kind) string {
	none := s.Busy.Policy == scenario.None
	switch {
	case k.Code == outcome.BusySnapshot, k.Code == outcome.BusyRecovery && !isBeforeTimeout(s, k):
		return "" // as in other attempts
	case k.Code == outcome.BusyRecovery:
		return "set the timeout first"
	case leavesWAL(s, k):
		return "switch the file while no other connection is open"
	case isBeforeTimeout(s, k) && entersWAL(s, k):
		return "set the timeout first, and let one program switch the file before others start"
	case isBeforeTimeout(s, k):
		return "set the timeout first"
	case entersWAL(s, k) && none:
		return "set a busy timeout, and let one program switch the file before others start"
	case entersWAL(s, k):
		return "let one program switch the file before others start, or repeat the pragma"
	case isRefusedWhileReading(s, k):
		return "use BEGIN IMMEDIATE, which waits for the write lock before reading"
	case none:
		return "set a busy timeout on every connection"
	case k.Phase == outcome.Schema:
		return "let one program migrate the file before others start, or raise the timeout"
	}
	return "let one program open the file before others start, or raise the timeout"
}
