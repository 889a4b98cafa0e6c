package anatomy

import (
	"fmt"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Advice returns a sentence on a kind of lock error in a scenario: its cause, whether the attempt
// waited, and the remedy. What SQLite does is documented at https://www.sqlite.org/rescode.html,
// https://www.sqlite.org/lockingv3.html and https://www.sqlite.org/c3ref/busy_handler.html.
func Advice(s scenario.Scenario, k Kind) string {
	return fmt.Sprintf("%s %s, %s: %s.", steps[k.Phase], cause(s, k), wait(s, k), remedy(s, k))
}

// steps says what the writer was doing.
var steps = map[outcome.Phase]string{
	outcome.Queue:  "Before the database was touched,",
	outcome.Open:   "While the connection was opened and read the schema,",
	outcome.Begin:  "When the transaction began,",
	outcome.Insert: "When the INSERT asked for the write lock,",
	outcome.Commit: "When the COMMIT needed the file for itself,",
	outcome.Close:  "While the connection was closed,",
}

// causes are the causes of codes that are more specific than SQLITE_BUSY.
var causes = map[outcome.Code]string{
	outcome.BusyRecovery: "another connection was recovering the write-ahead log after a crash",
	outcome.BusySnapshot: "another connection had written since the transaction read, " +
		"so what it read was out of date",
	outcome.BusyTimeout: "a blocking file lock was not granted in time",
	outcome.Locked: "a statement of the same connection, or of one with the same shared cache, " +
		"was in the way",
	outcome.LockedSharedCache: "another connection with the same shared cache held the table",
	outcome.LockedVTab:        "a virtual table was in use by another connection",
	outcome.Protocol: "too many connections changed the index of the write-ahead log at once, " +
		"and SQLite stopped retrying",
	outcome.QueueTimeout: "the writers ahead in the queue did not finish in time",
}

// busyCauses are the causes of SQLITE_BUSY, by phase.
var busyCauses = map[outcome.Phase]string{
	outcome.Open: "another connection had locked readers out, " +
		"as a commit with a rollback journal does",
	outcome.Begin:  "another connection held the lock",
	outcome.Insert: "another connection held it",
	outcome.Commit: "other connections were still reading",
	outcome.Close:  "another connection was using the file",
	outcome.Queue:  "another connection was using the file",
}

func cause(s scenario.Scenario, k Kind) string {
	if text, ok := causes[k.Code]; ok {
		return text
	}
	if upgrading(s, k) {
		return "another connection held it, and this transaction had already read"
	}
	if text, ok := causes[k.Code.Primary()]; ok {
		return text
	}
	if k.Phase == outcome.Open && s.Journal == scenario.WAL {
		return "another connection had the file for itself, " +
			"as the last one has while it closes a write-ahead log"
	}
	return busyCauses[k.Phase]
}

// upgrading reports whether a transaction that had read asked for the write lock. SQLite does not
// wait in this case, because two such transactions would wait for each other forever.
func upgrading(s scenario.Scenario, k Kind) bool {
	return s.Txn == scenario.Upgrade && k.Phase == outcome.Insert &&
		k.Code.Primary() == outcome.Busy
}

// wait says how long the attempt waited, and why if it did not.
func wait(s scenario.Scenario, k Kind) string {
	switch {
	case k.Waited == FullWait:
		return fmt.Sprintf("for the whole timeout of %v", s.Busy.Timeout)
	case k.Waited == PartialWait:
		return "and the wait ended early"
	case s.Busy.Policy == scenario.None:
		return "and no busy timeout is set"
	case k.Code == outcome.BusySnapshot:
		return "which waiting cannot change, whatever the timeout"
	case upgrading(s, k):
		return "so SQLite does not wait, whatever the timeout"
	}
	return "and the attempt failed at once"
}

func remedy(s scenario.Scenario, k Kind) string {
	switch {
	case k.Code == outcome.BusySnapshot || upgrading(s, k):
		return "begin a transaction that will write with BEGIN IMMEDIATE, " +
			"which takes the write lock first and waits for it"
	case k.Code == outcome.QueueTimeout:
		return "raise the timeout of the queue, for example to busy=queue:60s, or lower writers"
	case k.Code == outcome.BusyRecovery:
		return "retry after the recovery"
	case k.Code.Primary() == outcome.Protocol:
		return "keep connections open, and begin fewer transactions at once"
	case k.Code.Primary() == outcome.Locked:
		return "finish reading before writing, and do not use a shared cache"
	case s.Busy.Policy == scenario.None:
		return "set a busy timeout on every connection"
	case k.Waited == FullWait && k.Phase == outcome.Open && s.Journal == scenario.WAL:
		return "keep at least one connection open, or let writers queue (busy=queue)"
	case k.Waited == FullWait && k.Phase == outcome.Open:
		return "keep connections open, let writers queue (busy=queue), " +
			"or use WAL mode, in which writers do not lock readers out"
	case k.Waited == FullWait && k.Phase == outcome.Commit:
		return "shorten reads, or use WAL mode, in which a commit does not wait for readers"
	case k.Waited == FullWait:
		return "let writers queue (busy=queue), shorten transactions, or raise the timeout"
	}
	return "roll back and retry"
}
