package snapshot

import "testing"

func TestNumbersHaveNoExponent(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1.5: "1.5", 388552920.5: "388552920.5", 0.1 + 0.2: "0.3", 1e12: "1000000000000",
		1e-9: "0.000000001",
	} {
		t.Run(want, func(t *testing.T) {
			if got := FormatNumber(v); got != want {
				t.Errorf("%v is %s", v, got)
			}
		})
	}
}
