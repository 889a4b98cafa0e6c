package outcome

import (
	"fmt"
	"slices"
)

// Phase is a step of an attempt to insert. Its text form is its name.
type Phase uint8

// The phases, in order, except that with queue=transaction the queue comes after open. With
// txn=auto, insert and commit are one statement. The SELECT of txn=upgrade is part of begin. The
// participants that do not write have one phase each: readers read, checkpointers checkpoint, and
// an intruder one of read and the phases from backup to lock. A cold start has the phases queue,
// open and the last three.
const (
	Queue Phase = iota // waiting for the lock file
	Open
	Begin
	Insert
	Commit
	Close
	Read
	Checkpoint
	Backup
	Vacuum
	Bulk
	Lock
	Journal   // of a cold start: PRAGMA journal_mode
	Schema    // of a cold start: everything between that and the first read
	FirstRead // of a cold start
)

// Phases lists the phases of writers, readers and cold starts.
var Phases = []Phase{Queue, Open, Begin, Insert, Commit, Close, Read, Journal, Schema, FirstRead}

var phaseNames = []string{
	"queue", "open", "begin", "insert", "commit", "close", "read", "checkpoint", "backup",
	"vacuum", "bulk", "lock", "journal", "schema", "first-read",
}

func (p Phase) String() string { return phaseNames[p] }

// MarshalText returns the name of the phase.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses the name of a phase.
func (p *Phase) UnmarshalText(text []byte) error {
	i := slices.Index(phaseNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown phase %q; the phases are %q", text, phaseNames)
	}
	*p = Phase(i)
	return nil
}
