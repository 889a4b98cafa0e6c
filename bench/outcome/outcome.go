// Package outcome holds what the writers of a round report: plain data, with no knowledge of the
// driver, the writers or the machine.
//
// All instants are nanoseconds of CLOCK_MONOTONIC, as of package clock.
package outcome

import "github.com/google/uuid"

// Outcome describes one attempt to insert rows in one transaction. It is acknowledged, a lock
// error, or another error: exactly one of the three.
//
// It holds no pointers. A fast writer keeps a hundred thousand outcomes a second, and the garbage
// collector does not scan memory without pointers.
type Outcome struct {
	// Start is the first act of the attempt.
	Start int64 `json:"start_ns"`
	// OpenDuration is how long connecting took, 0 if it waited for a lock.
	OpenDuration int64 `json:"open_duration_ns,omitempty"`
	Trace
	// End is when the caller had its answer.
	End  int64 `json:"end_ns"`
	Code Code  `json:"code"` // 0 if acknowledged
}

// Trace describes the transaction of an attempt.
type Trace struct {
	Phase Phase `json:"phase"` // where the attempt ended
	// BeginDuration is how long the transaction took to begin, 0 if it waited for a lock.
	BeginDuration int64 `json:"begin_duration_ns,omitempty"`
	// WaitStart is when the writer first asked for something that it did not get at once: a place
	// in a queue, a read lock, or the write lock itself.
	WaitStart int64 `json:"wait_start_ns,omitempty"`
	// LockAcquired is when the writer had the write lock, 0 if it never did. With BEGIN IMMEDIATE
	// and BEGIN EXCLUSIVE that is when BEGIN returned. Otherwise the first INSERT records it.
	LockAcquired int64 `json:"lock_acquired_ns,omitempty"`
	// CommitStart is when all rows were in the table and the commit began, 0 if it never did.
	CommitStart int64 `json:"commit_start_ns,omitempty"`
	// LockReleased is when the call returned that released the write lock, 0 if it was never held.
	// In WAL mode a checkpoint run by the commit lies before it, although others may write then.
	LockReleased int64 `json:"lock_released_ns,omitempty"`
	// LockWait is how long a lock error was waited for: by SQLite in the call that failed, by the
	// writer from its first try to its last (busy=retry), or in the queue (busy=queue). It is 0
	// for any other outcome.
	LockWait int64 `json:"lock_wait_ns,omitempty"`
}

// Acknowledged reports whether SQLite confirmed that the rows are in the file.
func (o Outcome) Acknowledged() bool { return o.Code == 0 }

// LockError reports whether the attempt failed because another connection held a lock.
func (o Outcome) LockError() bool { return o.Code.IsLock() }

// Span is the time between two instants.
type Span struct {
	From int64 `json:"from_ns"`
	To   int64 `json:"to_ns"`
}

// Series holds the outcomes of one writer in one round, in order.
type Series struct {
	Outcomes []Outcome
	// IDs are the row ids of all attempts, in order. Every attempt has the same number of rows.
	IDs []uuid.UUID
	// Messages are SQLite's texts for other errors, by index into Outcomes.
	Messages map[int]string
	// FailedHolds are the times in which the writer held the write lock in a transaction that
	// failed and was retried within the same attempt.
	FailedHolds []Span
}

// Batch returns the number of rows in each attempt.
func (s Series) Batch() int { return len(s.IDs) / max(len(s.Outcomes), 1) }

// Rows returns the row ids of one attempt, by index into Outcomes.
func (s Series) Rows(attempt int) []uuid.UUID {
	return s.IDs[attempt*s.Batch():][:s.Batch()]
}
