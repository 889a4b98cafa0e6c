package writer

import (
	"fmt"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// Participant is what takes part in a round: a [Writer], [Reader], [Checkpointer] or [Intruder]. It
// is ready for one round, and must be closed after it.
type Participant interface {
	// Run does what the participant does in a round. Its caller has waited for the release.
	Run(s outcome.Schedule, tail Tail) outcome.Series
	Close() error
}

// NewParticipant returns a participant of the task's role.
func NewParticipant(task protocol.Task) (p Participant, err error) {
	switch task.Role {
	case outcome.Reader:
		p, err = NewReader(task)
	case outcome.Checkpointer:
		p, err = NewCheckpointer(task)
	case outcome.Intruder:
		p, err = NewIntruder(task)
	default:
		return New(task)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", task.Role, task.Number, err)
	}
	return p, nil
}

// watcher is a participant that can take part in a round without reporting what it did, except for
// what is wrong.
type watcher interface {
	Watch(over func() bool)
}
