package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// writtenAnswer returns the answer on a snapshot with the settings that made it.
func writtenAnswer(t *testing.T, path string, settings ...string) (string, answer) {
	t.Helper()
	m, err := readMatrix(golden.Getenv(settings...))
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	a := newAnswer(m, s)
	var out strings.Builder
	if err := writeAnswer(&out, a); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > format.Columns {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
	return out.String(), a
}

func TestAnswer(t *testing.T) {
	text, _ := writtenAnswer(t, "testdata/sample.txt", "TXN", "upgrade", "BATCH", "2")
	golden.Check(t, "answer.golden", text)
}

// The runs were cut short before they measured today's settings.
func TestAnswerWithoutTodaysSettings(t *testing.T) {
	text, _ := writtenAnswer(t, "testdata/sample.txt", "TXN", "deferred", "BATCH", "2")
	if !strings.Contains(text, "No answer") || strings.Contains(text, "Change first") {
		t.Errorf("the answer is\n%s", text)
	}
}

// figuresWith returns figures whose bursts and rounds each had 100 attempts.
func figuresWith(s settings, refusals float64, rates, p99 []float64) *figures {
	return &figures{settings: s, bursts: len(rates), burst: refused{refusals, 100},
		sustained: refused{refusals, 100}, rates: rates, p50: p99, p99: p99}
}

func TestOneChangeIsRecommended(t *testing.T) {
	today := settings{"delete", "upgrade", "5s", ""}
	immediate := settings{"delete", "immediate", "5s", ""}
	wal := settings{"wal", "upgrade", "5s", ""}
	slow, fast, waits := []float64{90, 100, 110}, []float64{900, 1000, 1100}, []float64{1, 1, 1}
	for _, c := range []struct {
		name string
		from *figures
		to   []*figures
		want settings // empty for none
		why  reason
	}{
		{"fewer refusals, though it is slower", figuresWith(today, 50, fast, waits),
			[]*figures{figuresWith(immediate, 0, slow, waits), figuresWith(wal, 40, fast, waits)},
			immediate, fewerRefused},
		{"few refusals and more rows before none and fewer rows",
			figuresWith(today, 50, slow, waits),
			[]*figures{figuresWith(immediate, 4, fast, waits), figuresWith(wal, 0, slow, waits)},
			immediate, fewerRefused},
		{"some refusals and more rows after none and fewer rows",
			figuresWith(today, 50, slow, waits),
			[]*figures{figuresWith(immediate, 6, fast, waits), figuresWith(wal, 0, slow, waits)},
			wal, fewerRefused},
		{"more rows, if nothing is refused", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(immediate, 0, slow, waits), figuresWith(wal, 0, fast, waits)},
			wal, moreRows},
		{"more rows, but refusals", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 5, fast, waits)}, settings{}, 0},
		{"more rows, but by luck", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, []float64{80, 300, 120}, waits)}, settings{}, 0},
		{"shorter waits", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, slow, []float64{0.1, 0.2, 0.1})}, wal, shorterWaits},
		{"two changes at once", figuresWith(today, 50, slow, waits),
			[]*figures{figuresWith(settings{"wal", "immediate", "5s", ""}, 0, fast, waits)},
			settings{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answer{}
			for _, f := range append([]*figures{c.from}, c.to...) {
				a.rows = append(a.rows, *f)
			}
			got, ok := a.nextStep(c.from)
			if ok != (c.want != settings{}) {
				t.Fatalf("recommended: %v, %+v", ok, got.to)
			}
			if ok && (got.to.settings != c.want || got.why != c.why) {
				t.Errorf("recommended %+v because of %d, want %+v because of %d",
					got.to.settings, got.why, c.want, c.why)
			}
		})
	}
}

func TestRefusalsAreMarked(t *testing.T) {
	f := figuresWith(settings{}, 2, []float64{100}, []float64{1})
	if got := f.mark("100"); got != "(100)" {
		t.Errorf("2 of 100 refused: %s", got)
	}
	f = figuresWith(settings{}, 1, []float64{100}, []float64{1})
	if got := f.mark("100"); got != "100" {
		t.Errorf("1 of 100 refused: %s", got)
	}
}

// All steps of the schedule run for real, with times of its own.
func TestEachStepMeasuresForTheAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many benchmarks")
	}
	for _, kind := range []string{"process", "goroutine"} {
		t.Run(kind, func(t *testing.T) {
			given := []string{"WRITERS", "3", "EXEC", kind, "TXN", "upgrade"}
			q := &quick{}
			if _, err := q.prepare(golden.Getenv(given...)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "quick.txt")
			var output []byte
			for s := (runner.State{Path: path}); ; s.Steps++ {
				s.Elapsed = 20 * time.Second * time.Duration(s.Steps)
				step, ok := q.next(s)
				if !ok {
					break
				}
				args := append([]string{"-test.run", "^$", "-dir", t.TempDir()}, step.Args...)
				out, err := exec.Command(benchtest.Binary(t), args...).Output()
				if err != nil {
					t.Fatalf("%s: %v: %s", step.Name, err, out)
				}
				output = append(output, out...)
				if err := os.WriteFile(path, output, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			text, a := writtenAnswer(t, path, given...)
			if len(a.rows) != len(q.all()) || a.today == nil || a.limit == nil || a.syncs == 0 {
				t.Errorf("%d of %d rows, today %v, limit %v, in the answer\n%s",
					len(a.rows), len(q.all()), a.today, a.limit, text)
			}
		})
	}
}
