package writer

import (
	"time"

	"github.com/google/uuid"
)

// ProtocolVersion is what a writer says in its hello. Parent and writer must agree.
const ProtocolVersion = 3

// The ops of the line protocol; see the package comment.
const (
	OpHello   = "hello"
	OpPrepare = "prepare"
	OpReady   = "ready"
	OpStart   = "start"
	OpOutcome = "outcome"
	OpDone    = "done"
	OpError   = "error"
)

// Command is a line to a writer.
type Command struct {
	Op    string `json:"op"`
	Task  *Task  `json:"task,omitempty"`  // of prepare
	At    int64  `json:"at,omitempty"`    // of start: the instant of release
	Until int64  `json:"until,omitempty"` // of start: the deadline, 0 for a burst
	// Stream, of start, has the writer tell of each attempt before it begins the next.
	Stream bool `json:"stream,omitempty"`
}

// Answer is a line from a writer.
type Answer struct {
	Op       string        `json:"op"`
	Protocol int           `json:"protocol,omitempty"` // of hello
	PID      int           `json:"pid,omitempty"`      // of hello
	Outcome  *Outcome      `json:"outcome,omitempty"`  // of outcome
	Rows     []uuid.UUID   `json:"rows,omitempty"`     // of outcome: the ids of the attempt's rows
	Message  string        `json:"message,omitempty"`  // of an outcome that is another error: what SQLite says
	Attempts int           `json:"attempts,omitempty"` // of done: how many outcome lines came before
	CPU      time.Duration `json:"cpu,omitempty"`      // of done, in nanoseconds
	Vain     []Span        `json:"vain,omitempty"`     // of done
	Error    string        `json:"error,omitempty"`    // of error
}
