package scenario

import (
	"fmt"
	"strconv"
	"strings"
)

// Kinds of the conn axis: when a writer connects, and over which connection it writes.
const (
	Fresh      = "fresh"  // connect, insert, commit and close in every attempt
	Held       = "held"   // connect once, before the round
	Pool       = "pool"   // take one of the connections that all writers of a process share
	Mutex      = "mutex"  // as held, but only one writer of a process at a time
	GroupWrite = "writer" // hand the rows to one connection that commits all that wait
)

// Conn is a value of the conn axis. Its text form is a word of the axis.
type Conn struct {
	Kind string
	Size int // of a pool: number of its connections
}

// maxPool is far above what helps: only one connection can write at a time.
const maxPool = 10_000

const connValues = "fresh, held, pool, pool:K with K connections from 1 to 10000, mutex, writer"

// Shared returns the number of connections that all writers of a process share, 0 if each has its
// own.
func (c Conn) Shared() int {
	switch c.Kind {
	case Pool:
		return c.Size
	case GroupWrite:
		return 1
	}
	return 0
}

// String returns the word of the axis.
func (c Conn) String() string {
	if c.Kind == Pool && c.Size > 1 {
		return Pool + ":" + strconv.Itoa(c.Size)
	}
	return c.Kind
}

// MarshalText implements [encoding.TextMarshaler].
func (c Conn) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Conn) UnmarshalText(text []byte) error {
	parsed, ok := parseConn(string(text))
	if !ok {
		return fmt.Errorf("bad conn %q; give %s", text, connValues)
	}
	*c = parsed
	return nil
}

func parseConn(text string) (c Conn, ok bool) {
	switch kind, size, given := strings.Cut(text, ":"); {
	case kind == Pool && given:
		n, err := strconv.Atoi(size)
		return Conn{Pool, n}, err == nil && n >= 1 && n <= maxPool
	case text == Pool:
		return Conn{Pool, 1}, true
	case text == Fresh, text == Held, text == Mutex, text == GroupWrite:
		return Conn{Kind: text}, true
	}
	return Conn{}, false
}
