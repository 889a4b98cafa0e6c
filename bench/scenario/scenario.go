// Package scenario describes what a benchmark runs: the axes along which runs differ, the
// key=value words that select values of these axes, and the matrix that several values span.
//
// A [Scenario] is one point of that matrix. It is a plain value: it reaches the writer as the -axes
// flag gave it, through JSON if the writer is another process.
package scenario

import (
	"fmt"
	"slices"
)

// Values of the exec axis: the kinds of writer.
const (
	Goroutine = "goroutine" // a goroutine of the benchmark's own process
	Process   = "process"   // an operating-system process
)

// Values of the journal axis, SQLite's journal modes. Only [WAL] is stored in the database file;
// every connection to a file in another mode begins with [Delete].
const (
	Delete   = "delete"
	Truncate = "truncate"
	Persist  = "persist"
	Memory   = "memory"
	WAL      = "wal"
)

// Off is a value of the journal axis, no journal, and of the sync axis, no synchronous writes.
const Off = "off"

// SurvivesKill reports whether SQLite promises for a journal mode that a transaction whose process
// is killed is in the file in full or not at all. Without a journal, or with one in the memory of
// the killed process, it does not (https://www.sqlite.org/pragma.html#pragma_journal_mode).
func SurvivesKill(journal string) bool { return journal != Off && journal != Memory }

// Values of the sync axis, the other levels of SQLite's synchronous setting.
const (
	Normal = "normal"
	Full   = "full"
	Extra  = "extra"
)

// Values of the txn axis: the kinds of transaction.
const (
	Auto      = "auto"      // one INSERT statement without BEGIN, which commits by itself
	Deferred  = "deferred"  // BEGIN, which takes no lock before the first INSERT
	Immediate = "immediate" // BEGIN IMMEDIATE, which takes the write lock
	Exclusive = "exclusive" // BEGIN EXCLUSIVE, which also locks readers out, except in WAL mode
	Upgrade   = "upgrade"   // BEGIN and SELECT; the INSERT must turn a read lock into a write lock
)

// Values of the queue axis: before which act a writer waits in the queue of busy=queue.
const (
	AtConnection  = "connection"  // the queue is around the whole attempt
	AtTransaction = "transaction" // a writer connects first, and closes after it has left
)

// Values of the file axis: what the participants of a cold start find.
const (
	MissingFile   = "missing"   // nothing
	DeleteFile    = "delete"    // a file in journal mode delete, to be switched
	WALFile       = "wal"       // a file in WAL mode
	HotFile       = "hot"       // a file with the hot journal of a killed writer
	AbandonedFile = "abandoned" // a file with the write-ahead log of a killed writer
)

// Values of the order axis: what a participant of a cold start does first.
const (
	TimeoutFirst = "timeout-first" // the busy timeout, and then PRAGMA journal_mode
	PragmaFirst  = "pragma-first"  // PRAGMA journal_mode, and then the busy timeout
)

// Values of the migrate axis: which participants of a cold start create the table.
const (
	MigrateOnce = "once" // those that find a user_version of 0
	MigrateEach = "each" // all
)

// Values of the cache axis: which page cache a connection has.
const (
	PrivateCache = "private" // one of its own
	SharedCache  = "shared"  // that of all connections of its process
)

// Scenario is one combination of values, one for each axis.
type Scenario struct {
	Exec    string  `json:"exec"`              // goroutine or process
	Journal string  `json:"journal"`           // SQLite's journal_mode
	Writers int     `json:"writers"`           // number of concurrent writers, 1 or more
	Busy    Busy    `json:"busy"`              // what a writer does when the file is locked
	Txn     string  `json:"txn"`               // auto, deferred, immediate, exclusive or upgrade
	Sync    string  `json:"sync"`              // SQLite's synchronous
	Conn    Conn    `json:"conn"`              // when a writer connects
	Rows    int     `json:"rows"`              // rows in the table before the round
	Batch   int     `json:"batch"`             // rows in each transaction, 1 or more
	Payload int     `json:"payload"`           // bytes of text in each row in addition to its id
	Queue   string  `json:"queue"`             // connection or transaction
	Hold    Pause   `json:"hold"`              // in a transaction, after its last write
	Think   Pause   `json:"think"`             // of a sustained round, between attempts or reads
	Rate    Rate    `json:"rate"`              // arrivals per second, 0 in a closed loop
	Readers int     `json:"readers"`           // number of concurrent readers, 0 or more
	Read    Read    `json:"read"`              // what a reader does
	Pragmas Pragmas `json:"pragmas,omitempty"` // of every connection

	Checkpoint Checkpoint `json:"checkpoint"` // who makes checkpoints
	Intruder   Intruder   `json:"intruder"`   // what one more participant does

	File    string `json:"file"`    // what the participants of a cold start find
	Order   string `json:"order"`   // timeout-first or pragma-first
	Migrate string `json:"migrate"` // once or each

	Cache  string `json:"cache"`  // private or shared
	Driver string `json:"driver"` // of all participants
}

// Others returns the number of participants that are not writers.
func (s Scenario) Others() int {
	n := s.Readers
	if s.Checkpoint.Extra() {
		n++
	}
	if s.Intruder != (Intruder{}) {
		n++
	}
	return n
}

// Participants returns the number of all participants.
func (s Scenario) Participants() int { return s.Writers + s.Others() }

// Validate rejects a scenario that [Parse] and [Axes.Cases] cannot return, such as a malformed one
// received from another process.
func (s Scenario) Validate() error {
	var valid Scenario
	known := slices.Clone(axes)
	for name := range s.Pragmas.All() {
		if err := checkPragma(PragmaPrefix + name); err != nil {
			return err
		}
		known = append(known, pragmaAxis(PragmaPrefix+name))
	}
	for _, ax := range known {
		if word := ax.get(s); !ax.set(&valid, word) {
			return ax.badValue(word)
		}
	}
	if valid != s {
		const format = "busy policy %q with timeout %v is not a value of axis \"busy\"; it takes %s"
		return fmt.Errorf(format, s.Busy.Policy, s.Busy.Timeout, busyValues)
	}
	return nil
}
