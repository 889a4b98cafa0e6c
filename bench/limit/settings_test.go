package limit

import (
	"testing"
	"time"
)

func TestSettingsAreReadAgain(t *testing.T) {
	for _, c := range []struct {
		name, text string
		settings   Settings
	}{
		{"bursts", "5 bursts each with up to 0 lock errors and any p99, up to 1,024 writers",
			Settings{Max: 1024, Rounds: 5, Criteria: "up to 0 lock errors and any p99"}},
		{"one burst of one writer", "1 burst each with any p99, up to 1 writer",
			Settings{Max: 1, Rounds: 1, Criteria: "any p99"}},
		{"rounds", "3 rounds of 1.5s each with no lock errors and p99 of at most 1m0s, " +
			"up to 65,536 arrivals per second",
			Settings{Over: Rate, Max: 65536, Rounds: 3, Length: 1500 * time.Millisecond,
				Criteria: "no lock errors and p99 of at most 1m0s"}},
		{"one round of one arrival", "1 round of 1s each with any p99, up to 1 arrival per second",
			Settings{Over: Rate, Max: 1, Rounds: 1, Length: time.Second, Criteria: "any p99"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.settings.String(); got != c.text {
				t.Errorf("text is %q, want %q", got, c.text)
			}
			got, ok := ParseSettings(c.text)
			if !ok || got != c.settings {
				t.Errorf("read %+v, %v, want %+v", got, ok, c.settings)
			}
		})
	}
}

func TestOtherTextIsNotSettings(t *testing.T) {
	for _, text := range []string{"", "5 bursts", "5 things each with x, up to 8 writers",
		"5 bursts each with x, up to 8 readers", "12345678901 bursts each with x, up to 8 writers",
	} {
		t.Run(text, func(t *testing.T) {
			if s, ok := ParseSettings(text); ok {
				t.Errorf("read %+v", s)
			}
		})
	}
}

func TestOverIsReadAgain(t *testing.T) {
	for _, o := range []Over{Writers, Rate} {
		t.Run(o.String(), func(t *testing.T) {
			var got Over
			if err := got.UnmarshalText([]byte(o.String())); err != nil || got != o {
				t.Errorf("read %v, %v", got, err)
			}
		})
	}
}

func TestOtherTextIsNotOver(t *testing.T) {
	var o Over
	err := o.UnmarshalText([]byte("rates"))
	if err == nil || err.Error() != "give writers or rate" {
		t.Errorf("error is %v", err)
	}
}
