package pattern

import (
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	words := []string{"exec=process", "journal=wal", "writers=8"}
	for _, c := range []struct {
		pattern string
		want    bool
	}{
		{".", true},
		{"Burst", true},
		{"^Burst$", true},
		{"^BenchmarkBurst$", true},
		{"burst", false},
		{"Ceiling|Burst", true},
		{"Ceiling|Limit", false},
		{"Burst/process", true},
		{"Burst/goroutine", false},
		{"Burst/goroutine|Burst/process/wal", true},
		{"Burst/./wal/8", true},
		{"Burst/./wal/8/none", false},
		{"Burst/(process|goroutine)/[w/]al", true},
		{"Burst/[", false},
	} {
		t.Run(c.pattern, func(t *testing.T) {
			p, err := Parse(c.pattern)
			if got := err == nil && p.Matches("Burst", words...); got != c.want {
				t.Errorf("matches: %v (%v), want %v", got, err, c.want)
			}
		})
	}
}

func TestMatchesSomeLeavesOutWords(t *testing.T) {
	p, err := Parse("Limit|Burst/nonsense")
	if err != nil {
		t.Fatal(err)
	}
	if !p.MatchesSome("Burst") || !p.MatchesSome("Limit") || p.MatchesSome("Sustained") {
		t.Error("does not match Burst and Limit alone")
	}
}

func TestBadPatternsGetOneLine(t *testing.T) {
	for _, text := range []string{"(", "Burst/(", "[", "a\nb", "Burst|*"} {
		t.Run(text, func(t *testing.T) {
			_, err := Parse(text)
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v", err)
			}
		})
	}
}
