package scenario

import (
	"fmt"
	"strings"
	"time"
)

// Kinds of read.
const (
	Point    = "point" // a row by its rowid, and the largest rowid, in one statement
	Scan     = "scan"  // all rows
	HoldRead = "hold"  // a transaction that has read and is kept open
)

// Read is a value of the read axis: what a reader does, again and again. Its text form is a word of
// the axis: "point", "scan", or "hold:" and a duration.
type Read struct {
	Kind string
	Hold time.Duration // how long a transaction is kept open, 0 unless Kind is HoldRead
}

const readValues = "point, scan, hold:D, where D is a duration of up to 1h such as 2s"

// String returns the word of the axis.
func (r Read) String() string {
	if r.Kind == HoldRead {
		return r.Kind + ":" + r.Hold.String()
	}
	return r.Kind
}

// MarshalText implements [encoding.TextMarshaler].
func (r Read) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Read) UnmarshalText(text []byte) error {
	kind, duration, given := strings.Cut(string(text), ":")
	if !given && (kind == Point || kind == Scan) {
		*r = Read{Kind: kind}
		return nil
	}
	hold, err := time.ParseDuration(duration)
	if kind != HoldRead || err != nil || hold <= 0 || hold > maxPause {
		return fmt.Errorf("bad kind of read %q; give %s", text, readValues)
	}
	*r = Read{kind, hold}
	return nil
}
