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
	Sync    string `json:"sync"`    // SQLite's synchronous
	Conn    string `json:"conn"`    // fresh or held
	Rows    int    `json:"rows"`    // rows in the table before the round
	Payload int    `json:"payload"` // bytes of text in each row beside its id
}
