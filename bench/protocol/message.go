package protocol

import (
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// Version is the protocol version in a writer's hello. The parent rejects any other.
const Version = 7

// The ops of the line protocol; see the package comment.
const (
	OpHello   = "hello"
	OpPrepare = "prepare"
	OpReady   = "ready"
	OpStart   = "start"
	OpCounted = "counted"
	OpFinish  = "finish"
	OpOutcome = "outcome"
	OpDone    = "done"
	OpError   = "error"
)

// Task describes a round to a participant.
type Task struct {
	Scenario scenario.Scenario `json:"scenario"`
	Database string            `json:"database"` // path of the file
	Role     outcome.Role      `json:"role"`     // of the participant
	Number   int               `json:"number"`   // among those of its role in the round, from 0
	Seed     uint64            `json:"seed"`     // of the row ids
	// SQL is what transactions and reads do; nil for the built-in ones.
	SQL *workload.Workload `json:"sql,omitempty"`
	// StatementSpans asks for the spans of the statements of SQL.
	StatementSpans bool `json:"statement_spans,omitempty"`
}

// RowsPerOutcome returns the number of rows in each outcome of the participant.
func (t Task) RowsPerOutcome() int {
	switch t.Role {
	case outcome.Writer:
		return t.Scenario.Batch
	case outcome.Intruder:
		return t.Scenario.Intruder.Rows
	}
	return 0
}

// Request is a line to a writer.
type Request struct {
	Op       string        `json:"op"`
	Task     *Task         `json:"task,omitempty"`        // of prepare
	Mode     *outcome.Mode `json:"mode,omitempty"`        // of start
	Release  int64         `json:"release_ns,omitempty"`  // of start
	Deadline int64         `json:"deadline_ns,omitempty"` // of start in mode sustained
	Stream   bool          `json:"stream,omitempty"`      // of start: send each outcome at once
}

// NewStart returns the request to make a round.
func NewStart(s outcome.Schedule, stream bool) Request {
	return Request{
		Op: OpStart, Mode: &s.Mode, Release: s.Release, Deadline: s.Deadline, Stream: stream,
	}
}

// Schedule returns the schedule of a start request, which must have a mode.
func (r Request) Schedule() (outcome.Schedule, error) {
	if r.Mode == nil {
		return outcome.Schedule{}, errors.New(
			`start has no mode; give "burst", "sustained" or "cold-start"`)
	}
	return outcome.Schedule{Mode: *r.Mode, Release: r.Release, Deadline: r.Deadline}, nil
}

// Response is a line from a writer.
type Response struct {
	Op           string           `json:"op"`
	Protocol     int              `json:"protocol,omitempty"`        // of hello
	PID          int              `json:"pid,omitempty"`             // of hello
	Driver       *Driver          `json:"driver,omitempty"`          // of hello
	Outcome      *outcome.Outcome `json:"outcome,omitempty"`         // of outcome
	RowIDs       []uuid.UUID      `json:"row_ids,omitempty"`         // of outcome
	ErrorMessage string           `json:"error_message,omitempty"`   // of outcome
	Attempts     int              `json:"attempts,omitempty"`        // of done: number of outcomes
	CPU          time.Duration    `json:"cpu_ns,omitempty"`          // of done
	AttemptsCPU  time.Duration    `json:"attempts_cpu_ns,omitempty"` // of done
	FailedHolds  []outcome.Span   `json:"failed_holds,omitempty"`    // of done

	Statements     []outcome.StatementTime `json:"statements,omitempty"`      // of done
	StatementSpans []outcome.StatementSpan `json:"statement_spans,omitempty"` // of outcome

	Error string `json:"error,omitempty"` // of error
}

// MaxText is the maximum length in bytes of "error" and "error_message".
const MaxText = 500

// ShortText returns text as valid UTF-8. If it is longer than [MaxText], only its start and its end
// are kept, with " ... " between.
func ShortText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= MaxText {
		return text
	}
	const gap = " ... "
	const kept = (MaxText - len(gap)) / 2
	start, end := text[:kept], text[len(text)-kept:]
	return strings.ToValidUTF8(start, "") + gap + strings.ToValidUTF8(end, "")
}
