package scenario

import (
	"fmt"
	"strconv"
)

// Rate is how many arrivals per second come to all writers together. 0 is a closed loop, in which a
// writer begins an attempt when its last one has ended.
type Rate float64

// Closed is the word for a closed loop.
const Closed = "closed"

// maxRate keeps the arrivals of a round in memory.
const maxRate = 1_000_000

const rateValues = "closed, or a number of arrivals per second of up to 1000000 such as 50 or 0.5"

// String returns the text that [Rate.UnmarshalText] reads.
func (r Rate) String() string {
	if r == 0 {
		return Closed
	}
	return strconv.FormatFloat(float64(r), 'f', -1, 64)
}

// MarshalText implements [encoding.TextMarshaler].
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == Closed {
		*r = 0
		return nil
	}
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(n > 0 && n <= maxRate) {
		return fmt.Errorf("bad rate %q; give %s", text, rateValues)
	}
	*r = Rate(n)
	return nil
}
