package scenario

import (
	"fmt"
	"math"
	"time"
)

// Policy names a way to meet a locked file.
type Policy string

// The busy policies.
const (
	None    Policy = "none"    // fail at once
	Timeout Policy = "timeout" // SQLite's own busy timeout
	Block   Policy = "block"   // the driver's endless wait
)

// Busy is a value of the busy axis: a policy and, for a timeout, its length. Its text form is
// the axis's word: "none", "block", or a duration such as "5s".
type Busy struct {
	Policy  Policy
	Timeout time.Duration
}

// MarshalText gives the axis's word.
func (b Busy) MarshalText() ([]byte, error) {
	if b.Policy == Timeout {
		return []byte(b.Timeout.String()), nil
	}
	return []byte(b.Policy), nil
}

// UnmarshalText reads the axis's word. A duration must be a whole number of milliseconds
// from 1ms to 2147483647ms, because sqlite3_busy_timeout takes an int of milliseconds and
// reads anything below 1 as "off" (https://www.sqlite.org/c3ref/busy_timeout.html).
func (b *Busy) UnmarshalText(text []byte) error {
	switch Policy(text) {
	case None, Block:
		*b = Busy{Policy: Policy(text)}
		return nil
	}
	d, err := time.ParseDuration(string(text))
	if err != nil || d < time.Millisecond || d%time.Millisecond != 0 || d/time.Millisecond > math.MaxInt32 {
		return fmt.Errorf("busy %q is neither none, block nor a duration of whole milliseconds", text)
	}
	*b = Busy{Policy: Timeout, Timeout: d}
	return nil
}
