package writer

import (
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// Participant is a [Writer] or a [Reader]. It is ready for one round, and must be closed after it.
type Participant interface {
	// Run makes the attempts or reads of a round. Its caller has waited for the release.
	Run(s outcome.Schedule, tail Tail) outcome.Series
	Close() error
}

// NewParticipant returns a participant of the task's role.
func NewParticipant(task protocol.Task) (Participant, error) {
	if task.Role == outcome.Reader {
		return NewReader(task)
	}
	return New(task)
}
