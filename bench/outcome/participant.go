package outcome

import (
	"fmt"
	"slices"
)

// Role is what a participant of a round does. Its text form is its name.
type Role uint8

// The roles.
const (
	Writer Role = iota
	Reader
	Checkpointer
	Intruder // does one thing once, such as a backup
)

var roleNames = []string{"writer", "reader", "checkpointer", "intruder"}

func (r Role) String() string { return roleNames[r] }

// MarshalText returns the name of the role.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText parses the name of a role.
func (r *Role) UnmarshalText(text []byte) error {
	i := slices.Index(roleNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown role %q; the roles are %q", text, roleNames)
	}
	*r = Role(i)
	return nil
}

// Participant names a participant of a round. Those of each role are numbered from 0.
type Participant struct {
	Role   Role
	Number int
}

func (p Participant) String() string { return fmt.Sprintf("%s %d", p.Role, p.Number) }
