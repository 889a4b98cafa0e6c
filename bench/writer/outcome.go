package writer

import (
	"github.com/google/uuid"

	"busybench/bench/sqlitedb"
)

// Outcome is what came of one attempt to insert rows in one transaction. It is acknowledged, a
// lock error, or another error, and never two of these. All instants are of host.Now. It
// holds no pointers: a fast writer keeps a hundred thousand of them a second, which the garbage
// collector need not look at then.
type Outcome struct {
	Start int64 `json:"start"`           // first act
	Open  int64 `json:"open,omitempty"`  // how long it took to connect, in ns, where that had not to wait
	Begin int64 `json:"begin,omitempty"` // how long the transaction's beginning took, in ns, where that had not to wait
	// Asked is when the writer began to wait for the write lock: when it asked for the first thing
	// that it did not get at once, be that a place in a queue, a look at the file, or the write
	// lock itself.
	Asked int64 `json:"asked"`
	Got   int64 `json:"got,omitempty"`   // the write lock, 0 where it never did
	In    int64 `json:"in,omitempty"`    // when its rows were in the table and the commit began, 0 where it did not come to that
	LetGo int64 `json:"letgo,omitempty"` // of the write lock, 0 where it never had it
	End   int64 `json:"end"`             // the caller had its answer
	// Waited is how long a lock error was waited for, in ns: by SQLite in the call that failed, under
	// retry by the writer from its first try to its last, in a queue until it gave up. 0 but for
	// a lock error.
	Waited int64          `json:"waited,omitempty"`
	Code   sqlitedb.Code  `json:"code"`  // extended SQLite result code, 0 where acknowledged
	Phase  sqlitedb.Phase `json:"phase"` // where the attempt ended
}

// Outcomes are those of one writer in one round, in order.
type Outcomes struct {
	List []Outcome
	// IDs are the rows of all attempts, those of one after those of the other. Each attempt has
	// the same number of rows.
	IDs []uuid.UUID
	// Messages are what SQLite says of other errors, by their place in List.
	Messages map[int]string
	// Vain are the times in which the writer held the write lock in a transaction that failed and
	// was tried again in the same attempt.
	Vain []Span
}

// Span is a stretch of time between two instants of host.Now.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Batch is the number of rows in each attempt.
func (o Outcomes) Batch() int { return len(o.IDs) / max(len(o.List), 1) }

// Rows are the ids of the rows of one attempt, by its place in List.
func (o Outcomes) Rows(attempt int) []uuid.UUID {
	return o.IDs[attempt*o.Batch():][:o.Batch()]
}

// Acknowledged reports whether SQLite said that the rows are in the file.
func (o Outcome) Acknowledged() bool { return o.Code == 0 }

// LockError reports whether the attempt failed because somebody else held a lock.
func (o Outcome) LockError() bool { return o.Code.IsLock() }
