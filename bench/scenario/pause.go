package scenario

import (
	"fmt"
	"strings"
	"time"
)

// Pause is a time in which a writer does something else than write. The zero value is none.
type Pause struct {
	Duration time.Duration
	// CPU is true if the writer computes meanwhile, false if it sleeps.
	CPU bool
}

// computing ends the text of a pause in which the writer computes.
const computing = ":cpu"

// maxPause keeps a slip of the unit from running for days.
const maxPause = time.Hour

const pauseValues = "0 or a duration of up to 1h such as 20ms"

// String returns the text that [Pause.UnmarshalText] reads, such as "0", "20ms" or "1.5s:cpu".
func (p Pause) String() string {
	switch {
	case p.Duration == 0:
		return "0"
	case p.CPU:
		return p.Duration.String() + computing
	}
	return p.Duration.String()
}

// MarshalText implements [encoding.TextMarshaler].
func (p Pause) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *Pause) UnmarshalText(text []byte) error {
	word, cpu := strings.CutSuffix(string(text), computing)
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 || d > maxPause || cpu && d == 0 {
		return fmt.Errorf("bad pause %q; give %s", text, pauseValues)
	}
	*p = Pause{d, cpu}
	return nil
}
