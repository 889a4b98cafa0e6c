package scenario

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Busy policies: what a writer does when the file is locked.
const (
	None    = "none"    // no wait for a lock; WAL mode retries up to 10s to begin a read
	Timeout = "timeout" // SQLite's own busy timeout
	Poll    = "poll"    // a busy handler that sleeps for a constant time, until the timeout
	Block   = "block"   // the driver's wait, which never ends
	Retry   = "retry"   // try again after short sleeps, until the timeout
	Queue   = "queue"   // wait for a lock file before touching the database, until the timeout
	Lease   = "lease"   // as queue, but keep the lock file for a time while there is more to write
)

// DefaultTimeout is how long retry, queue and poll wait if they are given no duration.
const DefaultTimeout = 5 * time.Second

// busyValues describes the values of the busy axis in error messages.
const busyValues = "none, block, retry, queue, retry:D, retry:R, retry:R:D, queue:D, poll:D, " +
	"poll:D:D, lease:D, lease:D:D or D, where D is a duration of whole milliseconds such as 5s " +
	"or 250ms, and R a range such as 1ms-20ms"

// busyDoc describes the busy axis.
const busyDoc = "what to do when the file is locked: none fails at once; a duration is SQLite's " +
	"busy timeout; block is the driver's wait, which never ends; retry rolls back, sleeps for a " +
	"random 0.5 to 1.5 ms, or a time in the range R, and tries again; queue waits for a kernel " +
	"lock (flock) on a file beside the database before touching it; lease:D is queue, but a " +
	"writer that has more to write keeps that lock until it has had it for D; poll:D is a busy " +
	"handler that sleeps for D each time; retry, queue, lease and poll time out after 5s, or " +
	"after the last D"

// Busy is a value of the busy axis: a policy and, except for none and block, how long it waits.
// Its text form is a word of the axis: "none", "block", a duration such as "5s", "retry",
// "queue:60s" or "poll:1ms".
type Busy struct {
	Policy   string
	Timeout  time.Duration
	Interval time.Duration // of poll, and the length of a lease
	Backoff  Backoff       // of retry; the zero value is the default range
}

// Backoff is the range of the random sleeps of retry.
type Backoff struct{ Min, Max time.Duration }

// Range returns the range, from the least sleep to less than the longest: 0.5 to 1.5 ms unless it
// is given.
func (b Backoff) Range() (least, longest time.Duration) {
	if b == (Backoff{}) {
		return 500 * time.Microsecond, 1500 * time.Microsecond
	}
	return b.Min, b.Max
}

// parseBackoff parses a range such as 1ms-20ms.
func parseBackoff(text string) (b Backoff, ok bool) {
	least, longest, _ := strings.Cut(text, "-")
	var err, errToo error
	b.Min, err = time.ParseDuration(least)
	b.Max, errToo = time.ParseDuration(longest)
	return b, err == nil && errToo == nil && b.Min >= 0 && b.Max > b.Min
}

// Queues reports whether writers wait for a lock file.
func (b Busy) Queues() bool { return b.Policy == Queue || b.Policy == Lease }

// takesTwo reports whether an interval follows the policy, and perhaps a timeout.
func (b Busy) takesTwo() bool { return b.Policy == Poll || b.Policy == Lease }

// String returns the word of the axis.
func (b Busy) String() string {
	switch {
	case b.Policy == Timeout:
		return b.Timeout.String()
	case b.Backoff != (Backoff{}):
		plain := b
		plain.Backoff = Backoff{}
		_, timeout, _ := strings.Cut(plain.String(), Retry)
		return fmt.Sprintf("%s:%v-%v%s", b.Policy, b.Backoff.Min, b.Backoff.Max, timeout)
	case b.takesTwo() && b.Timeout == DefaultTimeout:
		return b.Policy + ":" + b.Interval.String()
	case b.takesTwo():
		return b.Policy + ":" + b.Interval.String() + ":" + b.Timeout.String()
	case b.takesDuration() && b.Timeout != DefaultTimeout:
		return b.Policy + ":" + b.Timeout.String()
	}
	return b.Policy
}

// MarshalText returns the word of the axis.
func (b Busy) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// takesDuration reports whether a duration may follow the policy.
func (b Busy) takesDuration() bool { return b.Policy == Retry || b.Policy == Queue }

// UnmarshalText parses a word of the axis. A duration must be a whole number of milliseconds from
// 1ms to 2147483647ms, because sqlite3_busy_timeout takes an int of milliseconds and treats
// anything below 1 as "off" (https://www.sqlite.org/c3ref/busy_timeout.html).
func (b *Busy) UnmarshalText(text []byte) error {
	word, duration, given := strings.Cut(string(text), ":")
	*b = Busy{Policy: word}
	switch {
	case b.takesTwo() && given:
		return b.parseTwo(duration)
	case b.Policy == Retry && strings.Contains(duration, "-"):
		return b.parseRetry(duration)
	case b.takesDuration() && !given:
		b.Timeout = DefaultTimeout
		return nil
	case b.takesDuration():
		word = duration
	case given:
		return fmt.Errorf("bad busy policy %q; only retry, queue, lease and poll take a duration",
			text)
	case b.Policy == None || b.Policy == Block:
		return nil
	default:
		b.Policy = Timeout
	}
	d, ok := parseTimeout(word)
	if !ok {
		return fmt.Errorf("bad busy policy %q; it must be %s", text, busyValues)
	}
	b.Timeout = d
	return nil
}

// parseTwo parses an interval and, if it is given, a timeout of at least that length.
func (b *Busy) parseTwo(text string) error {
	interval, timeout, given := strings.Cut(text, ":")
	if !given {
		timeout = DefaultTimeout.String()
	}
	var ok, okToo bool
	b.Interval, ok = parseTimeout(interval)
	b.Timeout, okToo = parseTimeout(timeout)
	if !ok || !okToo || b.Interval > b.Timeout {
		return fmt.Errorf("bad busy policy %q; give an interval and a longer timeout, such as %s",
			b.Policy+":"+text, b.Policy+":1ms:60s")
	}
	return nil
}

// parseRetry parses the range of the sleeps and, if it is given, a timeout that is not shorter.
func (b *Busy) parseRetry(text string) error {
	backoff, timeout, given := strings.Cut(text, ":")
	if !given {
		timeout = DefaultTimeout.String()
	}
	var ok, okToo bool
	b.Backoff, ok = parseBackoff(backoff)
	b.Timeout, okToo = parseTimeout(timeout)
	if !ok || !okToo || b.Backoff.Max > b.Timeout {
		return fmt.Errorf("bad busy policy %q; give a range and a timeout that is not shorter, "+
			"such as retry:1ms-20ms:60s", Retry+":"+text)
	}
	return nil
}

// parseTimeout parses a duration that SQLite takes.
func parseTimeout(word string) (d time.Duration, ok bool) {
	d, err := time.ParseDuration(word)
	return d, err == nil && d >= time.Millisecond && d%time.Millisecond == 0 &&
		d/time.Millisecond <= math.MaxInt32
}
