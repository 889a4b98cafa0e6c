package writer

import (
	"github.com/google/uuid"

	"busybench/bench/sqlitedb"
)

// Outcome is what came of one attempt to insert a row. It is acknowledged, a lock error, or
// another error, and never two of these. It holds no pointers: a fast writer keeps a hundred
// thousand of them a second, which the garbage collector need not look at then.
type Outcome struct {
	ID    uuid.UUID `json:"id"`
	Start int64     `json:"start"` // instant of the first act, see Now
	End   int64     `json:"end"`   // instant at which the caller had its answer
	Code  int32     `json:"code"`  // extended SQLite result code, 0 where acknowledged
	Phase Phase     `json:"phase"` // where the attempt ended
}

// Outcomes are those of one writer in one round, in order.
type Outcomes struct {
	List []Outcome
	// Messages are what SQLite says of other errors, by their place in List.
	Messages map[int]string
}

// Acknowledged reports whether SQLite said that the row is in the file.
func (o Outcome) Acknowledged() bool { return o.Code == 0 }

// LockError reports whether the attempt failed because somebody else held a lock.
func (o Outcome) LockError() bool { return sqlitedb.IsLock(int(o.Code)) }
