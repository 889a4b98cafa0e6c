package format

import "testing"

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 2: "2 rows", 1000: "1000 rows"} {
		t.Run(want, func(t *testing.T) {
			if got := Plural(n, "row"); got != want {
				t.Errorf("is %q, want %q", got, want)
			}
		})
	}
}
