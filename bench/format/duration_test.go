package format

import (
	"testing"
	"time"
)

func TestDurationHasThreeSignificantDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                              "0s",
		999:                            "999ns",
		1234:                           "1.23µs",
		12_345_678:                     "12.3ms",
		-12_345_678:                    "-12.3ms",
		5094 * time.Millisecond:        "5.09s",
		99_960 * time.Millisecond:      "1m40s",
		9_996 * time.Second / 10:       "16m40s",
		time.Hour + 29*time.Minute + 1: "1h29m0s",
	} {
		t.Run(want, func(t *testing.T) {
			if got := Duration(d); got != want {
				t.Errorf("%d ns is formatted as %s, want %s", d, got, want)
			}
		})
	}
}
