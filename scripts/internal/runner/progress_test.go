package runner

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
)

// Three runs of two benchmarks that take 2 and 4 seconds.
func TestProgress(t *testing.T) {
	var out strings.Builder
	p := newProgress(0, &out)
	clock := time.Unix(0, 0)
	p.now = func() time.Time { return clock }
	for schedule, i := runs(3), 0; ; i++ {
		step, ok := schedule(State{Steps: i})
		if !ok {
			break
		}
		p.begin(step)
		for _, d := range []time.Duration{2, 4} {
			clock = clock.Add(d * time.Second)
			p.line("sqlite: 3.54.1")
			p.line(fmt.Sprintf("BenchmarkBurst/writers=%d-2  1  5 ns/op", d))
		}
	}
	p.end()
	golden.Check(t, "progress.golden", out.String())
}

// Three runs of 6 seconds are to be made, though the budget is 7 seconds.
func TestStepsThatAreToComeCountBeyondABudget(t *testing.T) {
	var out strings.Builder
	p := newProgress(7*time.Second, &out)
	clock := time.Unix(0, 0)
	p.now = func() time.Time { return clock }
	for i := range 3 {
		p.begin(Step{Name: "run", After: 2 - i})
		for range 2 {
			clock = clock.Add(3 * time.Second)
			p.line("BenchmarkX 1 5 ns/op")
		}
	}
	want := "4s left 1s left 9s left 6s left 0s left 0s left "
	got := strings.ReplaceAll(strings.Join(strings.Fields(out.String()), " ")+" ", "run X ", "")
	if got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// The last axes are those that differ from the line before.
func TestALongLineKeepsTheLastAxes(t *testing.T) {
	var out strings.Builder
	p := newProgress(0, &out)
	p.now = func() time.Time { return time.Unix(0, 0) }
	p.begin(Step{Name: "run 10/10 new"})
	p.line("BenchmarkSustained/exec=goroutine/journal=truncate/writers=256/busy=queue:60s/" +
		"txn=immediate-2 1 5 ns/op 9999 inserts/s")
	if got := out.String(); !strings.HasSuffix(got, " txn=immediate\n") ||
		!strings.Contains(got, "Sustained … ") || utf8.RuneCountInString(got) > 81 {
		t.Errorf("printed %q", got)
	}
}

func TestOnlyResultsAreResults(t *testing.T) {
	for line, want := range map[string]bool{
		"BenchmarkX 1 5 ns/op":                        true,
		"BenchmarkX-2 \t 10\t 5 ns/op\t 3.0 attempts": true,
		"BenchmarkX":              false,
		"BenchmarkX 1":            false,
		"--- FAIL: BenchmarkX":    false,
		"BenchmarkX --- FAIL: x":  false,
		"# BenchmarkX 1 5 ns/op":  false,
		" BenchmarkX 1 5 ns/op":   false,
		"BenchmarkX one 5 ns/op":  false,
		"sqlite: 3.54.1 of today": false,
	} {
		t.Run(line, func(t *testing.T) {
			if got := isResult(line); got != want {
				t.Errorf("it is a result: %v, want %v", got, want)
			}
		})
	}
}
