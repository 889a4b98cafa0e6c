package format

import "testing"

func TestFactor(t *testing.T) {
	for v, want := range map[float64]string{
		0.000123: "0.00012", 0.0259: "0.026", 0.0996: "0.10", 0.5: "0.50", 0.996: "1.00",
		1.024: "1.02", 1.996: "2.0", 3.46: "3.5", 9.96: "10", 12.3: "12", 234.5: "230",
		11049: "11,000", 123: "120", 0.0000239: "0.00002", 0.0000951: "0.0001",
		0.000088: "0.00009", 0: "0",
	} {
		if got := Factor(v); got != want {
			t.Errorf("Factor(%v) is %s, want %s", v, got, want)
		}
	}
}
