package sqlitedb

import (
	"fmt"
	"slices"
)

// Phase is a step of an attempt to insert. Its text form is its name.
type Phase uint8

// The phases. Under txn=auto insert and commit are one statement. The first read of an upgrade belongs to its begin.
const (
	Queue Phase = iota // wait beside the file, before SQLite is asked anything
	Open
	Begin
	Insert
	Commit
	Close
)

// Phases are all phases, in order.
var Phases = []Phase{Queue, Open, Begin, Insert, Commit, Close}

var phaseNames = []string{"queue", "open", "begin", "insert", "commit", "close"}

func (p Phase) String() string { return phaseNames[p] }

// MarshalText gives the phase's name.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the phase's name.
func (p *Phase) UnmarshalText(text []byte) error {
	i := slices.Index(phaseNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown phase %q", text)
	}
	*p = Phase(i)
	return nil
}
