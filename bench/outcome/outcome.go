// Package outcome declares what writers report: plain data that does not depend on the driver, the
// writers or the machine. A round is one release of N writers on one file. Each makes one attempt,
// or attempts until a deadline, and reports an outcome of each.
//
// All instants are nanoseconds of CLOCK_MONOTONIC. An instant is 0 if the event did not happen.
package outcome

import "github.com/google/uuid"

// Outcome describes one attempt to insert rows in one transaction. It is acknowledged, a lock
// error, or another error: exactly one of the three.
//
// It contains no pointers. A fast writer stores a hundred thousand outcomes a second, and the
// garbage collector does not scan memory without pointers.
type Outcome struct {
	// Intended is when its caller came, in an open loop; 0 in a closed one.
	Intended int64 `json:"intended_ns,omitempty"`
	// Start is the first act of the attempt.
	Start int64 `json:"start_ns"`
	// OpenDuration is how long connecting took, without the time in which a lock was refused.
	OpenDuration int64 `json:"open_duration_ns,omitempty"`
	Trace
	// End is when the caller had the result.
	End  int64 `json:"end_ns"`
	Code Code  `json:"code"` // SQLite's result code, 0 if acknowledged
}

// Trace describes the transaction of an attempt.
type Trace struct {
	Phase Phase `json:"phase"` // phase in which the attempt ended
	// Line is the line of the SQL file at which the statement begins that failed, 0 if there is no
	// such file or another statement failed.
	Line uint16 `json:"line,omitempty"`
	// LongestLine is that of the statement that took longest while the writer held the write lock,
	// 0 if something else took longer, or it is unknown.
	LongestLine uint16 `json:"longest_line,omitempty"`
	// BeginDuration is how long the writer took, once connected, until it had the write lock or
	// failed, without the time in which a lock was refused.
	BeginDuration int64 `json:"begin_duration_ns,omitempty"`
	// WaitStart is the first request that was refused before the writer had the write lock: for a
	// place in the queue, the connection of a pool, a read lock or the write lock. From then on the
	// writer waits for the write lock. It is 0 if no request was refused. With busy=retry it is not
	// later than the first time that the writer had the write lock in a transaction that failed.
	WaitStart int64 `json:"wait_start_ns,omitempty"`
	// LockAcquired is when the writer got the write lock, 0 if it never did. With BEGIN IMMEDIATE
	// and BEGIN EXCLUSIVE that is when BEGIN returned. Otherwise the first INSERT records it. A
	// read has it if the read lock was refused at first, and is when it got that one.
	LockAcquired int64 `json:"lock_acquired_ns,omitempty"`
	// CommitStart is when all rows were in the table and the commit began, 0 if it never did.
	CommitStart int64 `json:"commit_start_ns,omitempty"`
	// LockReleased is when the call that released the write lock returned, 0 if the writer never
	// held it. A checkpoint has it without LockAcquired. In WAL mode a checkpoint made
	// by the commit comes before it, although others can write during the checkpoint.
	LockReleased int64 `json:"lock_released_ns,omitempty"`
	// LockWait is how long an attempt that ended in a lock error waited for the lock, from the
	// refusal to the error; 0 if it failed at once. With busy=retry it counts from Start, as the
	// timeout does. With busy=queue it is the time in the queue, if the attempt ended there.
	// Otherwise it counts within the call that failed. A wait has at least one of SQLite's sleeps,
	// of which the shortest is 1 ms. It is 0 for any other outcome.
	LockWait int64 `json:"lock_wait_ns,omitempty"`
}

// Acknowledged reports whether SQLite confirmed that the rows are in the file.
func (o Outcome) Acknowledged() bool { return o.Code == 0 }

// LockError reports whether the attempt ended in a lock error, as of [Code.IsLock].
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
	// Statements are the times of the statements of an SQL file, in its order, of all attempts.
	Statements []StatementTime
	// StatementSpans are when these ran, in order, if the task asks for it.
	StatementSpans []StatementSpan
}

// Batch returns the number of rows in each attempt.
func (s Series) Batch() int { return len(s.IDs) / max(len(s.Outcomes), 1) }

// Rows returns the row ids of one attempt, by index into Outcomes.
func (s Series) Rows(attempt int) []uuid.UUID {
	return s.IDs[attempt*s.Batch():][:s.Batch()]
}
