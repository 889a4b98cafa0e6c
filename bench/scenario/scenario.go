// Package scenario says what a benchmark runs: the axes along which runs differ, the
// key=value grammar in which people name them, and the matrix that several values span.
//
// A [Scenario] is one point of that matrix. It is a plain value: it goes unchanged from the
// -axes flag to the writer, through JSON where the writer is another process.
package scenario

// The kinds of writer that the exec axis names.
const (
	Goroutine = "goroutine" // a goroutine of the benchmark's own process
	Process   = "process"   // an operating-system process
)

// When a writer connects, as the conn axis names it.
const (
	Fresh = "fresh" // connect, insert, commit and close in every attempt
	Held  = "held"  // connect once, before the round
	Pool  = "pool"  // take the one connection that all writers of a process share
)

// The kinds of transaction that the txn axis names.
const (
	Auto      = "auto"      // no BEGIN: one INSERT statement, which commits by itself
	Deferred  = "deferred"  // BEGIN, which takes no lock before the first INSERT
	Immediate = "immediate" // BEGIN IMMEDIATE, which takes the write lock
	Exclusive = "exclusive" // BEGIN EXCLUSIVE, which locks readers out too, but in WAL mode
	Upgrade   = "upgrade"   // BEGIN, then a SELECT, then the INSERT has to turn a read lock into a write lock
)

// Two of the journal axis's values that differ from the rest: WAL is the only mode that the
// database file itself remembers, delete is what a connection to any other file begins with.
const (
	WAL    = "wal"
	Delete = "delete"
)

// Scenario is one combination of values, one for each axis.
type Scenario struct {
	Exec    string `json:"exec"`    // goroutine or process
	Journal string `json:"journal"` // SQLite's journal_mode
	Writers int    `json:"writers"` // how many write at once, 1 or more
	Busy    Busy   `json:"busy"`    // what a writer does when the file is locked
	Txn     string `json:"txn"`     // auto, deferred, immediate, exclusive or upgrade
	Sync    string `json:"sync"`    // SQLite's synchronous
	Conn    string `json:"conn"`    // fresh, held or pool
	Rows    int    `json:"rows"`    // rows in the table before the round
	Batch   int    `json:"batch"`   // rows in each transaction, 1 or more
	Payload int    `json:"payload"` // bytes of text in each row beside its id
}
