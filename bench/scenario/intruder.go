package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kinds of intruder.
const (
	Backup   = "backup" // SQLite's backup API
	Vacuum   = "vacuum"
	Bulk     = "bulk" // one transaction of many rows
	Lock     = "lock" // BEGIN EXCLUSIVE, kept open
	LongRead = "read" // a transaction that has read, kept open
)

// Intruder is a value of the intruder axis: what a participant that comes from outside does once,
// in the middle of a round. Its text form is a word of the axis. The zero value is none.
type Intruder struct {
	Kind   string
	Rows   int           // of Bulk
	Length time.Duration // of Lock and LongRead
}

// IntruderBusy is what an intruder does when the file is locked, whatever the busy axis says. With
// the longer sleeps of SQLite's timeout it would often find no gap between busy writers.
var IntruderBusy = Busy{Policy: Poll, Interval: time.Millisecond, Timeout: time.Minute}

// maxBulkRows keeps the rows of an intruder in memory.
const maxBulkRows = 1_000_000

const intruderValues = "none, backup, vacuum, bulk:ROWS with up to 1000000 rows, " +
	"or lock or read with a duration of up to 1h such as lock:6s"

// String returns the word of the axis.
func (i Intruder) String() string {
	switch {
	case i.Kind == "":
		return None
	case i.Rows > 0:
		return i.Kind + ":" + strconv.Itoa(i.Rows)
	case i.Length > 0:
		return i.Kind + ":" + i.Length.String()
	}
	return i.Kind
}

// MarshalText implements [encoding.TextMarshaler].
func (i Intruder) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *Intruder) UnmarshalText(text []byte) error {
	parsed, ok := parseIntruder(string(text))
	if !ok {
		return fmt.Errorf("bad intruder %q; give %s", text, intruderValues)
	}
	*i = parsed
	return nil
}

func parseIntruder(text string) (i Intruder, ok bool) {
	kind, value, _ := strings.Cut(text, ":")
	switch kind {
	case None:
		return Intruder{}, text == None
	case Backup, Vacuum:
		return Intruder{Kind: kind}, text == kind
	case Bulk:
		rows, err := strconv.Atoi(value)
		return Intruder{Kind: kind, Rows: rows}, err == nil && rows > 0 && rows <= maxBulkRows
	case Lock, LongRead:
		d, err := time.ParseDuration(value)
		return Intruder{Kind: kind, Length: d}, err == nil && d > 0 && d <= maxPause
	}
	return Intruder{}, false
}
