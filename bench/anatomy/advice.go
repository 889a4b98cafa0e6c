package anatomy

import (
	"fmt"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Advice is one sentence that says what a kind of lock error comes from in a scenario, whether it
// was waited for, and what helps. What SQLite does where is said in
// https://www.sqlite.org/rescode.html, https://www.sqlite.org/lockingv3.html and
// https://www.sqlite.org/c3ref/busy_handler.html.
func Advice(s scenario.Scenario, k Kind) string {
	return fmt.Sprintf("%s %s, %s: %s.", places[k.Phase], cause(s, k), patience(s, k), remedy(s, k))
}

// places says what was under way.
var places = map[outcome.Phase]string{
	outcome.Queue:         "Before the database was touched,",
	outcome.Open:          "While the connection was made and read the schema,",
	outcome.Begin: "When the transaction began,",
	outcome.Insert:        "When the INSERT asked for the write lock,",
	outcome.Commit:        "When the COMMIT wanted the file for itself,",
	outcome.Close:         "While the connection was closed,",
}

// causes are those of the codes that say more than that the file was busy.
var causes = map[outcome.Code]string{
	outcome.BusyRecovery:      "another connection was restoring the write-ahead log after a crash",
	outcome.BusySnapshot:      "the transaction had read before, somebody has written since, and what it read is out of date",
	outcome.BusyTimeout:       "a blocking file lock was not granted in time",
	outcome.Locked:            "a statement of the same connection, or of one with the same shared cache, was in the way",
	outcome.LockedSharedCache: "another connection with the same shared cache held the table",
	outcome.LockedVTab:        "a virtual table was in use by another connection",
	outcome.Protocol:          "so many connections changed the write-ahead log's index at once that SQLite lost the race too often",
	outcome.QueueTimeout:      "the writers ahead in the queue did not leave in time",
}

// busyCauses are those of a file that was just busy, by phase.
var busyCauses = map[outcome.Phase]string{
	outcome.Open:          "another connection had locked readers out, as a commit with a rollback journal does",
	outcome.Begin: "another connection held the lock",
	outcome.Insert:        "another connection held it",
	outcome.Commit:        "other connections were still reading",
	outcome.Close:         "another connection was using it",
	outcome.Queue:         "another connection was using it",
}

func cause(s scenario.Scenario, k Kind) string {
	if text, ok := causes[k.Code]; ok {
		return text
	}
	if upgrading(s, k) {
		return "another connection held it while this transaction had read already"
	}
	if text, ok := causes[k.Code.Primary()]; ok {
		return text
	}
	if k.Phase == outcome.Open && s.Journal == scenario.WAL {
		return "another connection had the file to itself, as the last one to close a write-ahead log has"
	}
	return busyCauses[k.Phase]
}

// upgrading reports whether a transaction that had read before asked for the write lock. SQLite
// does not wait then, because both sides could wait for ever.
func upgrading(s scenario.Scenario, k Kind) bool {
	return s.Txn == scenario.Upgrade && k.Phase == outcome.Insert && k.Code.Primary() == outcome.Busy
}

// patience says how long it was waited for.
func patience(s scenario.Scenario, k Kind) string {
	switch {
	case k.Waited == Whole:
		return fmt.Sprintf("for all of %v", s.Busy.Timeout)
	case k.Waited == Partly:
		return "and it was given up before the time was over"
	case s.Busy.Policy == scenario.None:
		return "and there is no busy timeout"
	case k.Code == outcome.BusySnapshot:
		return "which no waiting mends, whatever the timeout"
	case upgrading(s, k):
		return "and SQLite waits for no lock then, whatever the timeout, because two such transactions would wait for each other"
	}
	return "and the answer came at once"
}

func remedy(s scenario.Scenario, k Kind) string {
	switch {
	case k.Code == outcome.BusySnapshot || upgrading(s, k):
		return "begin a transaction that will write with BEGIN IMMEDIATE, which takes the write lock first and waits for it"
	case k.Code == outcome.QueueTimeout:
		return "give the queue a longer bound, such as busy=queue:60s, or send it fewer writers"
	case k.Code == outcome.BusyRecovery:
		return "try again, once that is done"
	case k.Code.Primary() == outcome.Protocol:
		return "keep connections open, and let fewer begin at once"
	case k.Code.Primary() == outcome.Locked:
		return "finish reading before you write, and do without a shared cache"
	case s.Busy.Policy == scenario.None:
		return "set a busy timeout on every connection"
	case k.Waited == Whole && k.Phase == outcome.Open && s.Journal == scenario.WAL:
		return "keep at least one connection open, or let writers queue (busy=queue)"
	case k.Waited == Whole && k.Phase == outcome.Open:
		return "keep connections open, let writers queue (busy=queue), or use WAL mode, in which writers do not lock readers out"
	case k.Waited == Whole && k.Phase == outcome.Commit:
		return "make reads shorter, or use WAL mode, in which a commit does not wait for readers"
	case k.Waited == Whole:
		return "let writers queue (busy=queue), make transactions shorter, or wait longer"
	}
	return "roll back and try again"
}
