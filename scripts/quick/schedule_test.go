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
	t *testing.T, duration func(name string) time.Duration,
) (names []string, s runner.State) {
	t.Helper()
	q := &quick{}
	if _, err := q.prepare(golden.Getenv()); err != nil {
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
		name        string
		run, search time.Duration
		want        string
	}{
		{"short runs", 6 * time.Second, 5 * time.Second,
			"the disk, run 1, run 2, run 3, run 4, run 5, search, run 6, run 7, run 8"},
		{"long runs", 20 * time.Second, 8 * time.Second, "the disk, run 1, run 2, search"},
		{"one run takes it all", 54 * time.Second, 8 * time.Second, "the disk, run 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			names, s := steps(t, func(name string) time.Duration {
				switch {
				case strings.HasPrefix(name, "run"):
					return c.run
				case name == "search":
					return c.search
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
