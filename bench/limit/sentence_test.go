package limit

import "testing"

func TestSentence(t *testing.T) {
	const interval = "99 % prediction interval for a repeated search: "
	for _, c := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"a limit", Finding{Passed: 176, Failed: 184, Low: 62, High: 264},
			"176 writers pass, 184 fail; " + interval + "62 to 264."},
		{"a median between two limits", Finding{Passed: 92.5, Failed: 97, Low: 15.2, High: 336},
			"92 writers pass, 97 fail; " + interval + "15 to 336."},
		{"none that failed", Finding{Passed: 1024, Low: 640, High: 1024},
			"At least 1024 writers pass, the largest number tried; " + interval + "640 to 1024."},
		{"none that passed", Finding{Failed: 1, High: 2},
			"Not even 1 writer passes; " + interval + "0 to 2."},
		{"one passes", Finding{Passed: 1, Failed: 2, High: 2},
			"1 writer passes, 2 fail; " + interval + "0 to 2."},
		{"one passes above one that failed", Finding{Failed: 1, High: 2, Above: 1},
			"Not even 1 writer passes; " + interval + "0 to 2. Not monotone: 1 writer passes too."},
		{"not monotone", Finding{Passed: 7, Failed: 8, Low: 3, High: 40, Above: 16},
			"7 writers pass, 8 fail; " + interval + "3 to 40. Not monotone: 16 writers pass too."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Sentence(c.finding); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
