package writer

import (
	"fmt"
	"slices"
)

// Phase is a step of an attempt. Its text form, in the line protocol, is its name.
type Phase uint8

// The phases. Under autocommit the insert holds the whole transaction.
const (
	Open Phase = iota
	Insert
	Close
)

var phaseNames = []string{"open", "insert", "close"}

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
