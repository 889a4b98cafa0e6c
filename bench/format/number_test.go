package format

import "testing"

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", 12: "12", 999: "999", 1000: "1,000", 2151.4: "2,151", 10080: "10,080",
		1234567: "1,234,567", 0.0251: "0.0251", 0.00012345: "0.000123", 0.00001: "1e-05",
		1.5: "1.5", 1.2345: "1.23", 62.48: "62.5", 99.94: "99.9", 99.96: "100", 4864: "4,864",
		9.999: "10",
	} {
		t.Run(want, func(t *testing.T) {
			if got := Number(v); got != want {
				t.Errorf("Number(%v) is %q, want %q", v, got, want)
			}
		})
	}
}

func TestSeconds(t *testing.T) {
	for v, want := range map[float64]string{0: "0s", 0.3561: "356ms", 0.0000107: "10.7µs"} {
		if got := Seconds(v); got != want {
			t.Errorf("Seconds(%v) is %q, want %q", v, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 1024: "1,024 rows"} {
		if got := Count(n, "row"); got != want {
			t.Errorf("Count(%d) is %q, want %q", n, got, want)
		}
	}
}
