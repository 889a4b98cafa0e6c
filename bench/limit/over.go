package limit

import (
	"fmt"
	"slices"

	"busybench/bench/format"
)

// Over is what a search varies. Its text form is its name.
type Over int

// What a search can vary.
const (
	Writers Over = iota // in bursts
	Rate                // arrivals per second, in sustained rounds
)

var overNames = []string{"writers", "rate"}

func (o Over) String() string { return overNames[o] }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *Over) UnmarshalText(text []byte) error {
	i := slices.Index(overNames, string(text))
	if i < 0 {
		return fmt.Errorf("give %s or %s", Writers, Rate)
	}
	*o = Over(i)
	return nil
}

// Count formats an N, such as "8 writers" or "410 arrivals per second".
func (o Over) Count(n int) string {
	if o == Rate {
		return format.Count(n, "arrival") + " per second"
	}
	return format.Count(n, "writer")
}

// things is the plural of what N counts.
func (o Over) things() string {
	if o == Rate {
		return "arrivals per second"
	}
	return "writers"
}

// Trial is the noun for a round.
func (o Over) Trial() string {
	if o == Rate {
		return "round"
	}
	return "burst"
}
