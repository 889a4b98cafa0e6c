package main

import (
	"strings"
	"testing"
	"time"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
)

// steps returns the names of the steps if each takes as long as duration says.
func steps(
	t *testing.T, duration func(name string) time.Duration, settings ...string,
) (names []string, s runner.State) {
	t.Helper()
	q := &quick{}
	if _, err := q.prepare(golden.Getenv(settings...)); err != nil {
		t.Fatal(err)
	}
	s = runner.State{Path: "testdata/sample.txt"}
	for {
		step, ok := q.next(s)
		if !ok {
			return names, s
		}
		names = append(names, step.Name)
		s.Steps++
		s.Last = duration(step.Name)
		s.Elapsed += s.Last
	}
}

func TestTheTimeIsUsed(t *testing.T) {
	for _, c := range []struct {
		name           string
		bursts, rounds time.Duration
		want           string
	}{
		{"short steps", 3 * time.Second, 4 * time.Second, "the disk, bursts 1, rounds 1, " +
			"bursts 2, bursts 3, rounds 2, bursts 4, rounds 3, bursts 5, rounds 4, bursts 6, " +
			"rounds 5, bursts 7, rounds 6, search"},
		{"time for three rounds", time.Second, 13 * time.Second, "the disk, bursts 1, rounds 1, " +
			"bursts 2, bursts 3, rounds 2, bursts 4, rounds 3, bursts 5, bursts 6, search"},
		{"six bursts before slow rounds", 3 * time.Second, 13 * time.Second,
			"the disk, bursts 1, rounds 1, bursts 2, bursts 3, rounds 2, bursts 4, bursts 5, " +
				"bursts 6, search"},
		{"time for two rounds", 2 * time.Second, 18 * time.Second,
			"the disk, bursts 1, rounds 1, bursts 2, bursts 3, rounds 2, bursts 4, search"},
		{"bursts take it all", 54 * time.Second, 0, "the disk, bursts 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			names, s := steps(t, func(name string) time.Duration {
				switch {
				case strings.HasPrefix(name, "bursts"):
					return c.bursts
				case strings.HasPrefix(name, "rounds"):
					return c.rounds
				case name == "search":
					return 8 * time.Second
				}
				return 2 * time.Second
			})
			if got := strings.Join(names, ", "); got != c.want {
				t.Errorf("steps are %s, want %s", got, c.want)
			}
			if s.Elapsed > budget {
				t.Errorf("they take %v of %v", s.Elapsed, budget)
			}
		})
	}
}

// A sustained round may last as long as the timeout.
func TestRoundsThatMayTakeTooLongAreLeftOut(t *testing.T) {
	names, _ := steps(t, func(string) time.Duration { return 5 * time.Second }, "BUSY", "30s")
	if got := strings.Join(names, ", "); strings.Contains(got, "rounds") {
		t.Errorf("steps are %s", got)
	}
}
