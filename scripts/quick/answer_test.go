package main

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/bench/scenario"
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
	if err := writeAnswer(&out, a, "."); err != nil {
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

// refusing returns a series of rounds with these lock errors, each of 1,000 attempts.
func refusing(errors ...float64) (s series) {
	for _, n := range errors {
		s.rounds++
		s.refused.errors += n
		s.refused.attempts += 1000
		s.shares = append(s.shares, n/1000)
		if n > 0 {
			s.hit++
		}
	}
	return s
}

// figuresWith returns figures of eight bursts, in each of which a number of 1,000 attempts was
// refused, and no sustained rounds.
func figuresWith(s settings, refusals float64, rates, p99 []float64) *figures {
	f := &figures{settings: s, burst: refusing(slices.Repeat([]float64{refusals}, 8)...)}
	f.burst.rates, f.burst.p50, f.burst.p99 = rates, p99, p99
	return f
}

// inRounds adds sustained rounds with these lock errors, each of 1,000 attempts.
func (f *figures) inRounds(errors ...float64) *figures {
	f.sustained = refusing(errors...)
	f.sustained.rates, f.sustained.p50, f.sustained.p99 = f.burst.rates, f.burst.p50, f.burst.p99
	return f
}

func TestOneChangeIsRecommended(t *testing.T) {
	today := settings{"delete", "upgrade", "5s", ""}
	immediate := settings{"delete", "immediate", "5s", ""}
	wal := settings{"wal", "upgrade", "5s", ""}
	slow, fast, waits := []float64{90, 100, 110}, []float64{900, 1000, 1100}, []float64{1, 1, 1}
	short, noisy := []float64{0.1, 0.1, 0.1}, []float64{221, 295, 388}
	seldom := figuresWith(immediate, 0, fast, waits)
	seldom.burst = refusing(0, 510, 0, 520, 0, 530, 0, 0)
	once := figuresWith(wal, 0, fast, waits)
	once.burst = refusing(0, 0, 5, 0, 0, 0, 0, 0)
	once.burst.rates, once.burst.p99 = fast, waits
	for _, c := range []struct {
		name string
		from *figures
		to   []*figures
		want settings // empty for none
		why  reason
	}{
		{"fewer refusals, though it is slower", figuresWith(today, 500, fast, waits),
			[]*figures{figuresWith(immediate, 0, slow, waits), figuresWith(wal, 400, fast, waits)},
			immediate, fewerRefused},
		{"fewer refusals in each round", figuresWith(today, 500, slow, waits),
			[]*figures{figuresWith(immediate, 40, fast, waits)}, immediate, fewerRefused},
		{"fewer refusals, in some rounds by chance", figuresWith(today, 500, slow, waits),
			[]*figures{seldom}, settings{}, 0},
		{"fewer refusals in bursts, more in rounds",
			figuresWith(today, 500, slow, waits).inRounds(10, 20, 10),
			[]*figures{figuresWith(immediate, 0, fast, waits).inRounds(200, 250, 200)},
			settings{}, 0},
		{"fewer refusals in rounds, more in bursts",
			figuresWith(today, 10, slow, waits).inRounds(500, 500, 500, 500, 500, 500),
			[]*figures{figuresWith(immediate, 200, fast, waits).inRounds(0, 0, 0, 0, 0, 0)},
			settings{}, 0},
		{"more rows, and more refusals than none, though few", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 5, fast, waits)}, settings{}, 0},
		{"more rows in rounds, in which more are refused, though few",
			figuresWith(today, 0, slow, waits).inRounds(0, 0, 0),
			[]*figures{figuresWith(wal, 0, fast, waits).inRounds(5, 5, 5)}, settings{}, 0},
		{"more rows, and a refusal by chance", figuresWith(today, 0, slow, waits),
			[]*figures{once}, wal, moreRows},
		{"of two without refusals the faster", figuresWith(today, 500, slow, waits),
			[]*figures{figuresWith(immediate, 0, slow, waits), figuresWith(wal, 0, fast, waits)},
			wal, fewerRefused},
		{"more rows, if nothing is refused", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(immediate, 0, slow, waits), figuresWith(wal, 0, fast, waits)},
			wal, moreRows},
		{"more rows, but refusals", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 50, fast, waits)}, settings{}, 0},
		{"more rows and shorter waits, but some are refused in both",
			figuresWith(today, 50, slow, waits),
			[]*figures{figuresWith(wal, 50, fast, short)}, settings{}, 0},
		{"more rows, but by luck", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, []float64{80, 300, 120}, waits)}, settings{}, 0},
		{"more rows, with one change to try", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, noisy, waits)}, wal, moreRows},
		{"more rows, with two changes to try", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, noisy, waits), figuresWith(immediate, 0, slow, waits)},
			settings{}, 0},
		{"shorter waits", figuresWith(today, 0, slow, waits),
			[]*figures{figuresWith(wal, 0, slow, short)}, wal, shorterWaits},
		{"shorter waits, but fewer rows", figuresWith(today, 0, fast, waits),
			[]*figures{figuresWith(wal, 0, slow, short)}, settings{}, 0},
		{"two changes at once", figuresWith(today, 500, slow, waits),
			[]*figures{figuresWith(settings{"wal", "immediate", "5s", ""}, 0, fast, waits)},
			settings{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answer{matrix: matrix{today: today}}
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

// A second change must not undo the first, even if that seems to help.
func TestNoChangeIsUndone(t *testing.T) {
	today, queue := settings{"wal", "auto", "5s", ""}, settings{"wal", "auto", "queue", ""}
	a := answer{matrix: matrix{today: today}, rows: []figures{
		*figuresWith(today, 0, []float64{900, 1000, 1100}, []float64{1, 1, 1}),
		*figuresWith(queue, 0, []float64{90, 100, 110}, []float64{1, 1, 1}),
	}}
	if s, ok := a.nextStep(&a.rows[1]); ok {
		t.Errorf("after a queue, %+v is recommended", s.to.settings)
	}
}

// A matrix of two changes, of which none changes anything, is measured again and again.
func TestInAtMost5PercentOfAnswersAChangeThatChangesNothingIsRecommended(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	samples := func() (values []float64) {
		for range 5 {
			values = append(values, math.Exp(random.NormFloat64()/5))
		}
		return values
	}
	const answers = 4000
	recommended := 0
	for range answers {
		a := answer{matrix: matrix{today: settings{"delete", "auto", "5s", ""}}}
		for _, journal := range []string{"delete", "wal"} {
			for _, busy := range []string{"5s", "queue"} {
				f := figuresWith(settings{journal, "auto", busy, ""}, 0, samples(), samples())
				a.rows = append(a.rows, *f)
			}
		}
		if _, ok := a.nextStep(&a.rows[0]); ok {
			recommended++
		}
	}
	if recommended > answers/20 || recommended == 0 {
		t.Errorf("in %d of %d answers", recommended, answers)
	}
}

// The bursts of [minBursts] steps, of two each, are enough in the largest matrix.
func TestAChangeAgainstLockErrorsInEachOfSixBurstsIsRecommended(t *testing.T) {
	m, err := readMatrix(golden.Getenv("EXEC", "goroutine", "TXN", "upgrade"))
	if err != nil {
		t.Fatal(err)
	}
	a := answer{matrix: m}
	for _, s := range m.all() {
		f := figures{settings: s, burst: refusing(500, 500, 500, 500, 500, 500)}
		if s.txn == scenario.Immediate {
			f.burst = refusing(0, 0, 0, 0, 0, 0)
		}
		a.rows = append(a.rows, f)
	}
	if s, ok := a.nextStep(&a.rows[0]); !ok || s.to.txn != scenario.Immediate {
		t.Errorf("of %v tests none shows it: %+v", a.tests(), s.to)
	}
}

// The round is the unit: with n rounds of each, all of one and none of the other with a lock error
// happen by chance once in as many ways as there are to choose n of 2n.
func TestChance(t *testing.T) {
	rounds := func(n, hit int) series {
		errors := make([]float64, n)
		for i := range hit {
			errors[i] = 7
		}
		return refusing(errors...)
	}
	for _, c := range []struct {
		name     string
		to, from series
		want     float64
	}{
		{"3 of each", rounds(3, 0), rounds(3, 3), 1.0 / 20},
		{"2 of each", rounds(2, 0), rounds(2, 2), 1.0 / 6},
		{"more than before", rounds(3, 3), rounds(3, 0), 1},
		{"fewer in each", refusing(1, 2, 3), refusing(4, 5, 6), 1.0 / 20},
		{"no lock errors", rounds(9, 0), rounds(9, 0), 1},
		{"not measured", rounds(0, 0), rounds(9, 9), 1},
		{"not measured before", rounds(9, 9), rounds(0, 0), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := chance(c.to, c.from); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("chance is %v, want %v", got, c.want)
			}
		})
	}
}

func TestRefusalsAreMarked(t *testing.T) {
	f := figuresWith(settings{}, 20, []float64{100}, []float64{1})
	if got := f.mark("100"); got != "(100)" {
		t.Errorf("2 of 100 refused: %s", got)
	}
	f = figuresWith(settings{}, 10, []float64{100}, []float64{1})
	if got := f.mark("100"); got != "100" {
		t.Errorf("1 of 100 refused: %s", got)
	}
}

func TestTheAnswerIsShort(t *testing.T) {
	for _, path := range []string{"testdata/sample.txt"} {
		text, _ := writtenAnswer(t, path, "TXN", "upgrade", "BATCH", "2")
		_, below, ok := strings.Cut(text, "\n\nWhy locked")
		if n := strings.Count("Why locked"+below, "\n"); !ok || n > maxLines {
			t.Errorf("%d lines, want at most %d:\n%s", n, maxLines, text)
		}
	}
}

func TestWhatToDoIfNothingIsShown(t *testing.T) {
	today := settings{"delete", "auto", "5s", ""}
	wal := settings{"wal", "auto", "5s", ""}
	three, one := []float64{100, 100, 100}, []float64{100}
	few, worse := figuresWith(wal, 20, three, three), figuresWith(wal, 0, three, three)
	few.burst = refusing(0, 510, 0, 520, 0, 530, 0, 0)
	worse.burst = few.burst
	worse.inRounds(200, 250, 200)
	for _, c := range []struct {
		name  string
		today *figures
		other *figures
		want  []string
	}{
		{"enough rounds and no lock error", figuresWith(today, 0, three, three),
			figuresWith(wal, 0, three, three),
			[]string{"Nothing: no single change", "TXN=upgrade"}},
		{"one round", figuresWith(today, 0, one, one), figuresWith(wal, 0, one, one),
			[]string{"Too few rounds to say."}},
		{"fewer refusals, perhaps by chance", figuresWith(today, 500, three, three), few,
			[]string{"Perhaps       WAL: refused 1,560/8,000 in bursts, not 4,000/8,000, in too ",
				"Django"}},
		{"fewer refusals, perhaps by chance, but more in rounds",
			figuresWith(today, 500, three, three).inRounds(10, 20, 10), worse,
			[]string{"Nothing: no single change"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answer{matrix: matrix{today: today}, rows: []figures{*c.today, *c.other}}
			a.today = &a.rows[0]
			var text strings.Builder
			a.writeWhy(&text)
			a.writeSteps(&text)
			for _, want := range c.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("no %q in\n%s", want, &text)
				}
			}
		})
	}
}

func TestTheBoundOfTheLongestWaitIsNamedIfBusyVaries(t *testing.T) {
	for name, c := range map[string]struct {
		given []string
		want  string
	}{
		"a queue": {nil, "10s with busy=5s (5s each for connecting and the INSERT); 15s with "},
		"one":     {[]string{"TXN", "upgrade"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := readMatrix(golden.Getenv(c.given...))
			if err != nil {
				t.Fatal(err)
			}
			a := answer{matrix: m}
			for _, s := range m.all() {
				a.rows = append(a.rows, *figuresWith(s, 0, nil, nil))
			}
			notes := strings.Join(strings.Fields(a.explainMarks()), " ")
			if c.want == "" && notes != "" || !strings.Contains(notes, c.want) {
				t.Errorf("no %q in %q", c.want, notes)
			}
		})
	}
}

func TestTheNextCommandNamesTheDirectory(t *testing.T) {
	a := answer{matrix: newMatrix(scenario.Scenario{})}
	for dir, want := range map[string]string{
		".": "Next make limit AXES=", "/my disk": "Next make limit DIR='/my disk' ",
	} {
		if got := a.nextCommand(dir); !strings.HasPrefix(got, want) {
			t.Errorf("for %q it is %q", dir, got)
		}
	}
}

// The answer on an SQL file names it, and does not advise to try other transactions than its own.
func TestAnswerOnAnSQLFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "my file.sql")
	m, err := readMatrix(golden.Getenv("SQL", path, "BATCH", "2", "TXN", "deferred"))
	if err != nil {
		t.Fatal(err)
	}
	today := figuresWith(m.today, 0, []float64{1, 1, 1}, []float64{1, 1, 1})
	a := answer{matrix: m, today: today, rows: []figures{*today}}
	var out strings.Builder
	if err := writeAnswer(&out, a, "."); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	next := "Next make limit SQL='" + path + "' "
	if !strings.Contains(text, "2 runs of my file.sql in each transaction") ||
		!strings.Contains(text, next) || strings.Contains(text, "upgrade") {
		t.Errorf("answer is %s", text)
	}
}

// All steps of the schedule run for real, with times of its own.
func TestEachStepMeasuresForTheAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many benchmarks")
	}
	for _, c := range []struct{ kind, sql string }{
		{"process", ""}, {"goroutine", ""}, {"process", "../../bench/workload/counter.sql"},
	} {
		name := c.kind
		if c.sql != "" {
			name += " with an SQL file"
		}
		t.Run(name, func(t *testing.T) {
			given := []string{"WRITERS", "3", "EXEC", c.kind, "TXN", "upgrade", "SQL", c.sql}
			q := &quick{}
			if _, err := q.prepare(golden.Getenv(given...)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "quick.txt")
			var output []byte
			for s := (runner.State{Path: path}); ; s.Steps++ {
				s.Last = budget / 2
				if s.Steps > 2 { // enough time for each kind of step once
					s.Elapsed = budget - minSearchTime
				}
				step, ok := q.next(s)
				if !ok {
					break
				}
				args := []string{"-test.run", "^$", "-dir", t.TempDir(), "-sql", c.sql}
				args = append(args, step.Args...)
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
