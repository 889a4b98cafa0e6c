package anatomy

import (
	"fmt"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Advice returns a sentence on a kind of lock error in a scenario: its cause, whether the attempt
// waited, and the remedy.
//
// The codes are documented at https://www.sqlite.org/rescode.html. The causes were read in the
// source of SQLite 3.54.1, and the comments below name the functions:
//
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/btree.c: btreeBeginTrans,
//     querySharedCacheTableLock
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/pager.c: sqlite3PagerSharedLock,
//     sqlite3PagerBegin, sqlite3PagerExclusiveLock, pager_wait_on_lock
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/wal.c: walTryBeginRead,
//     walIndexReadHdr, walIndexRecover, sqlite3WalBeginWriteTransaction, sqlite3WalClose
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/os_unix.c: unixLock
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/vdbeaux.c: vdbeCommit
//   - https://github.com/sqlite/sqlite/blob/version-3.54.1/src/main.c: sqlite3InvokeBusyHandler,
//     sqliteDefaultBusyCallback, connectionIsBusy
func Advice(s scenario.Scenario, k Kind) string {
	return fmt.Sprintf("%s %s, %s: %s.", step(s, k), cause(s, k), wait(s, k), remedy(s, k))
}

// steps says what the participant was doing.
var steps = map[outcome.Phase]string{
	outcome.Queue:  "Before the database was touched,",
	outcome.Open:   "When a new connection read the schema,",
	outcome.Begin:  "When the transaction began,",
	outcome.Insert: "When the INSERT asked for the write lock,",
	outcome.Commit: "When COMMIT needed the file for itself,",
	outcome.Close:  "When the connection was closed,",
	outcome.Read:   "When a reader began to read,",
	outcome.Backup: "When a backup read the file,",
	outcome.Vacuum: "When VACUUM asked for the write lock,",
	outcome.Bulk:   "When the bulk insert asked for the write lock,",
	outcome.Lock:   "When BEGIN EXCLUSIVE asked for the file,",

	outcome.Checkpoint: "When a checkpoint needed the log for itself,",

	outcome.Journal:   "In PRAGMA journal_mode",
	outcome.Schema:    "When the schema was read or created,",
	outcome.FirstRead: "At the first read,",
}

// step says what the writer was doing in a scenario. Only a rollback journal needs an exclusive
// lock to commit (sqlite3PagerExclusiveLock, which vdbeCommit calls).
func step(s scenario.Scenario, k Kind) string {
	switch {
	case s.Journal == scenario.WAL && k.Phase == outcome.Commit:
		return "When COMMIT appended to the log,"
	case k.Statement.Line != 0 && k.Phase == outcome.Insert:
		return fmt.Sprintf("When %v asked for the write lock,", k.Statement)
	case k.Statement.Line != 0:
		return fmt.Sprintf("When %v began to read,", k.Statement)
	case s.Txn == scenario.Upgrade && k.Phase == outcome.Begin:
		return "When the transaction began to read,"
	}
	return steps[k.Phase]
}

// causes are the causes of codes that are more specific than SQLITE_BUSY.
var causes = map[outcome.Code]string{
	// The index is transient: the first connection runs walIndexRecover, with or without a crash,
	// and walTryBeginRead returns this code to the others meanwhile. btreeBeginTrans calls the busy
	// handler for it.
	outcome.BusyRecovery: "another connection was building the write-ahead log's index, " +
		"as the first to connect does",
	// sqlite3WalBeginWriteTransaction compares the index with the snapshot.
	outcome.BusySnapshot: "another connection had written, " +
		"so what this transaction had read was out of date",
	// Only builds with SQLITE_ENABLE_SETLK_TIMEOUT return it.
	outcome.BusyTimeout: "a blocking file lock was not granted in time",
	// A conflict within one connection, or with one that has the same cache. SQLite calls the busy
	// handler for SQLITE_BUSY only.
	outcome.Locked: "a statement of the same connection, or of one with the same shared cache, " +
		"was in the way",
	// querySharedCacheTableLock, and btreeBeginTrans if the other connection has the cache's write
	// transaction. Neither calls the busy handler.
	outcome.LockedSharedCache: "another connection with the same shared cache held the table",
	// Of the extensions in SQLite's own source only R-Tree returns it (rtreeUpdate).
	outcome.LockedVTab: "a virtual table was in use, as an R-Tree is while a statement reads it",
	// walTryBeginRead: the index was torn, or its header changed, or its locks were held.
	outcome.Protocol:     "other connections kept changing or locking the write-ahead log's index",
	outcome.QueueTimeout: "the writers ahead in the queue did not finish in time",
}

func cause(s scenario.Scenario, k Kind) string {
	if text, ok := causes[k.Code]; ok {
		return text
	}
	if text, ok := causes[k.Code.Primary()]; ok {
		return text
	}
	if isColdStart(k.Phase) {
		return coldCause(s, k)
	}
	if s.Journal == scenario.WAL {
		return walCause(s, k)
	}
	return rollbackCause(s, k)
}

// walCause returns the cause of SQLITE_BUSY in WAL mode. A connection to such a file keeps a shared
// lock on it, so only its first read can be refused: by the last connection, which closes under an
// exclusive lock (sqlite3WalClose). Later only the write lock is asked for.
func walCause(s scenario.Scenario, k Kind) string {
	switch {
	case upgrading(s, k):
		return "another connection held it and will make what this one has read out of date"
	case k.Phase == outcome.Open, reads(k):
		return "another connection had the file for itself, as the last one to close does"
	case k.Phase == outcome.Checkpoint:
		return "a reader still used the log, or another connection wrote or made a checkpoint"
	}
	return busyCause(k)
}

// rollbackCause returns the cause of SQLITE_BUSY with a rollback journal, or without any journal. A
// connection that commits locks readers out (the pending and the exclusive lock of unixLock).
func rollbackCause(s scenario.Scenario, k Kind) string {
	switch {
	case upgrading(s, k):
		return "another connection held it and cannot commit while this one reads"
	case k.Phase == outcome.Open, reads(k),
		s.Txn == scenario.Upgrade && k.Phase == outcome.Begin:
		return "another connection kept readers out, as COMMIT with a rollback journal does"
	case s.Txn == scenario.Exclusive && k.Phase == outcome.Begin:
		return "another connection was reading or writing, which BEGIN EXCLUSIVE rules out"
	case k.Phase == outcome.Lock, k.Phase == outcome.Vacuum:
		return "another connection was reading or writing, which it rules out"
	case k.Phase == outcome.Commit:
		// sqlite3PagerBegin asks for the reserved lock while btreeBeginTrans holds a shared one.
		return "other connections were reading, or asking for the write lock, " +
			"which takes a read lock first"
	}
	return busyCause(k)
}

// reads reports whether a participant that only reads met the error, or a statement that does, as
// the first of a transaction.
func reads(k Kind) bool {
	return k.Phase == outcome.Read || k.Phase == outcome.Backup ||
		k.Statement.Line != 0 && k.Phase == outcome.Begin
}

func busyCause(k Kind) string {
	switch k.Phase {
	case outcome.Insert:
		// In WAL mode it may have released it an instant ago: without a timeout btreeBeginTrans
		// also returns SQLITE_BUSY if a commit came between the snapshot and the lock.
		return "another connection held it"
	case outcome.Close:
		// connectionIsBusy. No lock is involved: sqlite3WalClose ignores those that it meets.
		return "a statement or a backup of it was not finished"
	}
	return "another connection held the lock"
}

// upgrading reports whether a transaction that had read asked for the write lock. btreeBeginTrans
// calls the busy handler only if the connection has no transaction yet.
//
// With a rollback journal, waiting could be without end: the other connection waits for this one to
// stop reading (https://www.sqlite.org/c3ref/busy_handler.html). In WAL mode it would be useless:
// once the other connection has committed, this one gets SQLITE_BUSY_SNAPSHOT.
func upgrading(s scenario.Scenario, k Kind) bool {
	return (s.Txn == scenario.Upgrade || s.Txn == scenario.Deferred && k.Statement.AfterRead) &&
		k.Phase == outcome.Insert && k.Code == outcome.Busy
}

// refusedAtOnce reports whether SQLite returned the code without calling its busy handler.
// btreeBeginTrans turns SQLITE_BUSY_SNAPSHOT into SQLITE_BUSY if it may wait.
func refusedAtOnce(s scenario.Scenario, k Kind) bool {
	return k.Code == outcome.BusySnapshot || upgrading(s, k) ||
		k.Code == outcome.Busy && k.Phase == outcome.Close
}

// wait says how long the attempt waited, and why if it did not.
func wait(s scenario.Scenario, k Kind) string {
	switch {
	case isBeforeTimeout(s, k):
		return "and the busy timeout was not set yet"
	case k.Waited == FullWait && k.Code == outcome.Busy && k.Phase != outcome.Commit:
		// SQLite polls. Each time it can be another connection that holds the lock.
		return fmt.Sprintf("at each try for the whole timeout of %v", s.Busy.Timeout)
	case k.Waited == FullWait:
		return fmt.Sprintf("for the whole timeout of %v", s.Busy.Timeout)
	case k.Waited == PartialWait && k.Code.Primary() == outcome.Protocol:
		return "and SQLite gave up after 100 tries in 10s"
	case k.Waited == PartialWait && k.Code == outcome.LockedSharedCache:
		return "as it turned out once the mutex of the cache was free"
	case k.Waited == PartialWait:
		return "and the wait ended early"
	case k.Code == outcome.BusySnapshot:
		return "which waiting cannot change"
	case upgrading(s, k), isRefusedWhileReading(s, k):
		return "so SQLite does not wait, whatever the timeout"
	case refusedAtOnce(s, k), k.Code.Primary() == outcome.Locked:
		return "for which no busy timeout waits"
	case s.Busy.Policy == scenario.None && k.Code.Primary() == outcome.Busy:
		return "and no busy timeout is set"
	}
	return "and the attempt failed at once"
}

func remedy(s scenario.Scenario, k Kind) string {
	if k.Code == outcome.LockedSharedCache {
		return "leave out cache=shared, or let writers share a connection (conn=pool)"
	}
	switch k.Code.Primary() {
	case outcome.QueueTimeout:
		return "raise the timeout of the queue, for example to busy=queue:60s, or lower writers"
	case outcome.Protocol:
		return "keep connections open, and begin fewer transactions at once"
	case outcome.Locked:
		return "finish reading before writing, and do not use a shared cache"
	}
	if isColdStart(k.Phase) {
		if text := coldRemedy(s, k); text != "" {
			return text
		}
	}
	none := s.Busy.Policy == scenario.None
	switch {
	case k.Code == outcome.BusyRecovery && none:
		return "set a busy timeout on every connection, and keep one open"
	case k.Code == outcome.BusyRecovery:
		return "keep one connection open, so that the index stays"
	case (k.Code == outcome.BusySnapshot || upgrading(s, k)) && none:
		return "use BEGIN IMMEDIATE, and set a busy timeout on every connection"
	case k.Code == outcome.BusySnapshot || upgrading(s, k):
		return "use BEGIN IMMEDIATE, which waits for the write lock before reading"
	case refusedAtOnce(s, k):
		return "finish it before closing"
	case none:
		return "set a busy timeout on every connection"
	case k.Waited == FullWait:
		return remedyAfterTimeout(s, k)
	}
	return "roll back and retry"
}

// remedyAfterTimeout returns the remedy of SQLITE_BUSY after the whole timeout.
func remedyAfterTimeout(s scenario.Scenario, k Kind) string {
	queue := "let writers queue (busy=queue)"
	if s.Busy.Queues() {
		queue = "raise the timeout"
	}
	rollback := s.Journal != scenario.WAL
	switch {
	case k.Phase == outcome.Checkpoint:
		return "shorten read transactions, and keep none open"
	case reads(k) && rollback:
		return "use WAL mode, in which writers do not block readers, or shorten transactions"
	case k.Phase == outcome.Open && rollback:
		return "keep connections open, " + queue + ", or use WAL mode"
	case k.Phase == outcome.Open:
		return "keep at least one connection open, or " + queue
	case k.Phase == outcome.Begin && rollback && s.Txn == scenario.Exclusive:
		return "use BEGIN IMMEDIATE, " + queue + ", or use WAL mode"
	case k.Phase == outcome.Commit && rollback:
		return remedyForCommit(s.Txn) + ", " + queue + ", or use WAL mode"
	case s.Busy.Queues():
		return "shorten transactions, or raise the timeout"
	}
	return queue + ", shorten transactions, or raise the timeout"
}

// remedyForCommit returns what helps a COMMIT that meets readers. After BEGIN IMMEDIATE it has a
// timeout of its own, which starts with short sleeps, while a single INSERT goes on with the
// timeout that it has used up in part (sqlite3VdbeExec resets it). A transaction that reads first
// is in the way of others until it is refused.
func remedyForCommit(txn string) string {
	if txn == scenario.Auto || txn == scenario.Upgrade {
		return "use BEGIN IMMEDIATE"
	}
	return "shorten reads"
}
