package limit

import "testing"

func TestSentence(t *testing.T) {
	const interval = "95 % prediction interval for a repeated search: "
	for _, c := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"a limit", Finding{Searches: 1, Passed: 176, Failed: 184, Low: 62, High: 264},
			"176 writers pass, 184 fail; " + interval + "62 to 264."},
		{"one writer", Finding{Searches: 1, Passed: 1, Failed: 2, High: 3},
			"1 writer passes, 2 fail; " + interval + "0 to 3."},
		{"the median of several", Finding{Searches: 3, Passed: 92, Failed: 96, Low: 15, High: 336},
			"92 writers pass, 96 fail (median of 3 searches); " + interval + "15 to 336."},
		{"none that failed", Finding{Searches: 1, Passed: 1024, Low: 640, High: 1024},
			"At least 1,024 writers pass, the largest number tried; " + interval + "640 to 1,024."},
		{"the median search had none that failed",
			Finding{Searches: 3, Passed: 1024, Low: 640, High: 1024},
			"At least 1,024 writers pass, the largest number tried (median of 3 searches); " +
				interval + "640 to 1,024."},
		{"none that passed", Finding{Searches: 1, Failed: 1, High: 2},
			"Not even 1 writer passes; " + interval + "0 to 2."},
		{"not monotone",
			Finding{Searches: 1, Passed: 7, Failed: 8, Low: 3, High: 40, Above: 16},
			"7 writers pass, 8 fail; " + interval + "3 to 40. Not monotone: 16 writers pass too."},
		{"not monotone, one writer below",
			Finding{Searches: 1, Passed: 1, Failed: 2, High: 9, Above: 4},
			"1 writer passes, 2 fail; " + interval + "0 to 9. Not monotone: 4 writers pass too."},
		{"cut short",
			Finding{Searches: 1, CutShort: 1, Passed: 256, Failed: 384, Low: 15, High: 400},
			"256 writers pass, 384 fail; " + interval + "15 to 400. " +
				"Cut short: nothing between 256 and 384 was tried."},
		{"some cut short",
			Finding{Searches: 3, CutShort: 2, Passed: 256, Failed: 272, Low: 15, High: 400},
			"256 writers pass, 272 fail (median of 3 searches); " + interval + "15 to 400. " +
				"2 of the searches were cut short."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Sentence(c.finding); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRateSentence(t *testing.T) {
	const criteria = "at most 1 % lock errors and p99 of at most 500ms"
	for _, c := range []struct {
		name    string
		writers int
		finding Finding
		want    string
	}{
		{"a limit", 8, Finding{Searches: 1, Passed: 410, Failed: 424, Low: 380, High: 450},
			"8 writers can take 410 arrivals per second (95 % prediction interval 380 to 450) " +
				"with " + criteria + "."},
		{"one writer and one arrival", 1, Finding{Searches: 1, Passed: 1, Failed: 2, High: 3},
			"1 writer can take 1 arrival per second (95 % prediction interval 0 to 3) with " +
				criteria + "."},
		{"the median of several", 8,
			Finding{Searches: 3, Passed: 410, Failed: 424, Low: 380, High: 450},
			"8 writers can take 410 arrivals per second (median of 3 searches; " +
				"95 % prediction interval 380 to 450) with " + criteria + "."},
		{"none that failed", 8, Finding{Searches: 1, Passed: 65536, Low: 640, High: 65536},
			"8 writers can take at least 65,536 arrivals per second, the largest rate tried " +
				"(95 % prediction interval 640 to 65,536) with " + criteria + "."},
		{"none that passed", 8, Finding{Searches: 1, Failed: 1, High: 2},
			"8 writers cannot take even 1 arrival per second (95 % prediction interval 0 to 2) " +
				"with " + criteria + "."},
		{"not monotone and cut short", 8,
			Finding{Searches: 1, CutShort: 1, Passed: 4, Failed: 8, Low: 3, High: 40, Above: 16},
			"8 writers can take 4 arrivals per second (95 % prediction interval 3 to 40) with " +
				criteria + ". Not monotone: 16 arrivals per second pass too. " +
				"Cut short: nothing between 4 and 8 was tried."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := RateSentence(c.finding, c.writers, criteria); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
