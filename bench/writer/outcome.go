package writer

import (
	"github.com/google/uuid"

	"busybench/bench/sqlitedb"
)

// Phase is a step of an attempt.
type Phase string

// The phases. Under autocommit the insert holds the whole transaction.
const (
	Open   Phase = "open"
	Insert Phase = "insert"
	Close  Phase = "close"
)

// Outcome is what came of one attempt to insert a row. It is acknowledged, a lock error, or
// another error, and never two of these.
type Outcome struct {
	ID      uuid.UUID `json:"id"`
	Start   int64     `json:"start"` // instant of the first act, see Now
	End     int64     `json:"end"`   // instant at which the caller had its answer
	Phase   Phase     `json:"phase"` // where the attempt ended
	Code    int       `json:"code"`  // extended SQLite result code, 0 where acknowledged
	Message string    `json:"message,omitempty"`
}

// Acknowledged reports whether SQLite said that the row is in the file.
func (o Outcome) Acknowledged() bool { return o.Code == 0 }

// LockError reports whether the attempt failed because somebody else held a lock.
func (o Outcome) LockError() bool { return sqlitedb.IsLock(o.Code) }
