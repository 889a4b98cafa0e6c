package scenario

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Policy names a way to meet a locked file.
type Policy string

// The busy policies.
const (
	None    Policy = "none"    // fail at once
	Timeout Policy = "timeout" // SQLite's own busy timeout
	Block   Policy = "block"   // the driver's endless wait
	Retry   Policy = "retry"   // try again after short sleeps, until the bound
	Queue   Policy = "queue"   // wait for a kernel lock beside the file before touching it, until the bound
)

// DefaultTimeout is how long retry and queue go on where they are given no bound of their own.
const DefaultTimeout = 5 * time.Second

// busyWords says what the busy axis takes, for people.
const busyWords = "none, block, retry, queue, retry:D, queue:D or D, where D is a duration of whole milliseconds such as 5s or 250ms"

// Busy is a value of the busy axis: a policy and, but for none and block, how long it waits. Its
// text form is the axis's word: "none", "block", a duration such as "5s", "retry", "queue:60s".
type Busy struct {
	Policy  Policy
	Timeout time.Duration
}

// MarshalText gives the axis's word.
func (b Busy) MarshalText() ([]byte, error) {
	switch {
	case b.Policy == Timeout:
		return []byte(b.Timeout.String()), nil
	case b.bounded() && b.Timeout != DefaultTimeout:
		return []byte(string(b.Policy) + ":" + b.Timeout.String()), nil
	}
	return []byte(b.Policy), nil
}

func (b Busy) bounded() bool { return b.Policy == Retry || b.Policy == Queue }

// UnmarshalText reads the axis's word. A duration must be a whole number of milliseconds
// from 1ms to 2147483647ms, because sqlite3_busy_timeout takes an int of milliseconds and
// reads anything below 1 as "off" (https://www.sqlite.org/c3ref/busy_timeout.html).
func (b *Busy) UnmarshalText(text []byte) error {
	word, bound, given := strings.Cut(string(text), ":")
	*b = Busy{Policy: Policy(word)}
	switch {
	case b.bounded() && !given:
		b.Timeout = DefaultTimeout
		return nil
	case b.bounded():
		word = bound
	case given:
		return fmt.Errorf("busy %q has a bound, which only retry and queue take", text)
	case b.Policy == None || b.Policy == Block:
		return nil
	default:
		b.Policy = Timeout
	}
	d, err := time.ParseDuration(word)
	if err != nil || d < time.Millisecond || d%time.Millisecond != 0 || d/time.Millisecond > math.MaxInt32 {
		return fmt.Errorf("busy %q is none of %s", text, busyWords)
	}
	b.Timeout = d
	return nil
}
