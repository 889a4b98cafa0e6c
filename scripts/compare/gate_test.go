package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/combin"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// committed reads a snapshot of the results directory.
func committed(t *testing.T, name string) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Read(filepath.Join("../../results", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runs returns a snapshot with some of the runs of another, by the place of the results in their
// rows.
func runs(s *snapshot.Snapshot, chosen []int) *snapshot.Snapshot {
	part := *s
	part.Results = nil
	for _, row := range some(s.Rows(), chosen) {
		part.Results = append(part.Results, row.Results...)
	}
	return &part
}

// some returns rows with some of their results.
func some(rows []snapshot.Row, chosen []int) (part []snapshot.Row) {
	for _, row := range rows {
		results := row.Results
		row.Results = nil
		for _, i := range chosen {
			row.Results = append(row.Results, results[i])
		}
		part = append(part, row)
	}
	return part
}

// judge returns the gate of GATE=5.
func judge(t *testing.T, older, newer *snapshot.Snapshot) *gate {
	t.Helper()
	g := &gate{percent: 5}
	if err := g.compare(older, newer); err != nil {
		t.Fatal(err)
	}
	return g
}

// withTenRuns returns the rows that have ten results.
func withTenRuns(t *testing.T, s *snapshot.Snapshot) []snapshot.Row {
	t.Helper()
	fewer := func(row snapshot.Row) bool { return len(row.Results) < 10 }
	rows := slices.DeleteFunc(s.Rows(), fewer)
	if len(rows) == 0 {
		t.Fatalf("%s has no row with ten runs", s.Path)
	}
	return rows
}

// splits returns all ways to deal 10 runs to two sides.
func splits() (all [][2][]int) {
	for _, first := range combin.Combinations(10, 5) {
		var second []int
		for i := range 10 {
			if !slices.Contains(first, i) {
				second = append(second, i)
			}
		}
		all = append(all, [2][]int{first, second})
	}
	return all
}

// Nothing has changed between two halves of one snapshot's runs. The gate is to shut in at most 5 %
// of the splits, both over all rows and over one row alone. With 5 runs on each side it can shut
// only if there are few figures, so the rows alone are the harder test.
func TestWithNothingChangedTheGateShutsInFewSplits(t *testing.T) {
	for _, name := range []string{
		"default", "policies", "conn", "fairness", "txn", "txn500", "writers2000", "faults", "lone",
		"service",
	} {
		t.Run(name, func(t *testing.T) {
			s := committed(t, name)
			rows := withTenRuns(t, s)
			all, shut, alone := splits(), 0, map[string]int{}
			for _, split := range all {
				g := &gate{percent: 5}
				if err := g.judge(s, s, some(rows, split[0]), some(rows, split[1])); err != nil {
					t.Fatal(err)
				}
				if len(g.worse()) > 0 {
					shut++
				}
				for _, row := range rows {
					if shutsFor(g, row.Name) {
						alone[row.Name]++
					}
				}
			}
			limit := len(all) / 20
			if shut > limit {
				t.Errorf("shuts in %d of %d splits", shut, len(all))
			}
			for row, n := range alone {
				if n > limit {
					t.Errorf("of %s alone: shuts in %d of %d splits", row, n, len(all))
				}
			}
		})
	}
}

// Ten runs on each side are enough to shut the gate. They are drawn, with replacement, from the ten
// runs of one snapshot.
func TestWithTenRunsEachAndNothingChangedTheGateShutsSeldom(t *testing.T) {
	const draws = 100
	for _, name := range []string{"default", "policies", "conn"} {
		t.Run(name, func(t *testing.T) {
			s := committed(t, name)
			rows, shut := withTenRuns(t, s), 0
			random := rand.New(rand.NewPCG(1, 1))
			draw := func() (chosen []int) {
				for range 10 {
					chosen = append(chosen, random.IntN(10))
				}
				return chosen
			}
			for range draws {
				g := &gate{percent: 5}
				if err := g.judge(s, s, some(rows, draw()), some(rows, draw())); err != nil {
					t.Fatal(err)
				}
				if len(g.worse()) > 0 {
					shut++
				}
			}
			if shut > draws/20 {
				t.Errorf("shuts in %d of %d draws", shut, draws)
			}
		})
	}
}

// shutsFor reports whether the gate would shut if it judged nothing but one row.
func shutsFor(g *gate, row string) bool {
	var ps []float64
	for _, f := range g.figures {
		if f.row == row && !f.constant {
			ps = append(ps, f.p)
		}
	}
	for _, p := range ranktest.Holm(ps) {
		if p <= gateAlpha {
			return true
		}
	}
	return false
}

// slowed returns a snapshot in which the rates are divided by a factor and the times multiplied.
func slowed(s *snapshot.Snapshot, factor float64) *snapshot.Snapshot {
	slow := *s
	slow.Results = nil
	for _, r := range s.Results {
		r := r.Clone()
		for i := range r.Values {
			if s.Units.GetBetter(r.Values[i].Unit) > 0 {
				r.Values[i].Value /= factor
			} else {
				r.Values[i].Value *= factor
			}
		}
		slow.Results = append(slow.Results, r)
	}
	return &slow
}

// The first ten runs of this snapshot are compared with the other ten, once as they are and once
// twice as slow.
func TestTheGateShutsForARealChange(t *testing.T) {
	s := committed(t, "lone")
	var halves [2][]int
	for i := range 20 {
		halves[i/10] = append(halves[i/10], i)
	}
	older, newer := runs(s, halves[0]), runs(s, halves[1])
	if worse := judge(t, older, newer).worse(); len(worse) > 0 {
		t.Errorf("unchanged: shuts for %+v", worse)
	}
	g := judge(t, older, slowed(newer, 2))
	if n := len(g.worse()); n < 10 {
		t.Errorf("twice as slow: %d of %d figures are worse", n, len(g.figures))
	}
}

// write writes the lines of a snapshot that a function returns into a fresh file.
func write(t *testing.T, from, name string, change func(line string) string) (path string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		out.WriteString(change(line))
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// only keeps the results whose names have a part, and all other lines.
func only(part string, change func(string) string) func(string) string {
	return func(line string) string {
		if strings.HasPrefix(line, "Benchmark") && !strings.Contains(line, part) {
			return ""
		}
		return change(line)
	}
}

// A program that fails at once instead of waiting looks fast: the rates rise and the times fall.
func TestTheGateShutsIfWritesAreRefused(t *testing.T) {
	const policies = "../../results/policies.txt"
	older := write(t, policies, "old.txt",
		only("Burst/exec=process/journal=delete/writers=64/busy=5s-", same))
	newer := write(t, policies, "new.txt",
		only("Burst/exec=process/journal=delete/writers=64/busy=none-",
			replace("busy=none", "busy=5s")))
	err := run(&strings.Builder{}, golden.Getenv("OLD", older, "NEW", newer, "GATE", "5"))
	if !errors.Is(err, errGate) {
		t.Fatalf("%v, want a gate that shuts", err)
	}
	for _, want := range []string{
		"1 of 2 figures", "lock errors 0 % of the attempts, then 97.",
		"p99-ns of 1 row is not judged: over 1 % of the attempts ended in a lock error",
	} {
		if text := oneLine(err.Error()); !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestTheGateShutsIfFiguresVanish(t *testing.T) {
	path := sample(t, "all.txt", same)
	for name, c := range map[string]struct {
		change func(string) string
		want   string
	}{
		"a row": {func(line string) string {
			if strings.HasPrefix(line, "BenchmarkBurst/exec=process/journal=wal/writers=8-") {
				return ""
			}
			return line
		}, "Burst/exec=process/journal=wal/writers=8-2 is not in the new snapshot"},
		"lock errors": {func(line string) string {
			if strings.HasPrefix(line, "BenchmarkBurst/exec=process/journal=wal/writers=8-") {
				return strings.Replace(line, "lockerrs", "x", 1)
			}
			return line
		}, "Burst/exec=process/journal=wal/writers=8-2 lockerrs is not in the new snapshot"},
		"a unit": {func(line string) string {
			if strings.HasPrefix(line, "BenchmarkBurst/exec=process/journal=wal/writers=8-") {
				return strings.Replace(line, "inserts/s", "x/s", 1)
			}
			return line
		}, "Burst/exec=process/journal=wal/writers=8-2 inserts/s is not in the new snapshot"},
	} {
		t.Run(name, func(t *testing.T) {
			part := sample(t, "part.txt", c.change)
			err := run(&strings.Builder{}, golden.Getenv("OLD", path, "NEW", part, "GATE", "5"))
			if !errors.Is(err, errGate) || !strings.Contains(oneLine(err.Error()), c.want) ||
				!strings.Contains(err.Error(), "1 missing figure") {
				t.Errorf("%v, want a gate that shuts: %s", err, c.want)
			}
		})
	}
}

func TestTheGateShutsIfAllRowsOfItsUnitsVanish(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", func(line string) string {
		if strings.HasPrefix(line, "BenchmarkCeiling/exec") {
			return ""
		}
		return line
	})
	settings := golden.Getenv("OLD", older, "NEW", newer, "GATE", "5", "BENCH", "Ceiling")
	if err := run(&strings.Builder{}, settings); !errors.Is(err, errGate) ||
		!strings.Contains(err.Error(), "worse than before: 2 missing figures\n") {
		t.Errorf("%v, want a gate that shuts", err)
	}
}

// Ten runs of 20 rounds each. Half of the writers of some rounds are refused.
func TestLockErrorsAreJudgedByRound(t *testing.T) {
	snapshotOf := func(refused int) *snapshot.Snapshot {
		var text strings.Builder
		for range 10 {
			lockErrors := strings.Repeat(" 32/64", refused) + strings.Repeat(" 0/64", 20-refused)
			fmt.Fprintf(&text, "BenchmarkBurst/writers=64-2 1 100 inserts/s 20 rounds "+
				"1280 attempts %d lockerrs\n", 32*refused)
			if refused > 0 {
				text.WriteString("# BenchmarkBurst/writers=64: lock errors by round:" +
					lockErrors + "\n")
			}
		}
		path := filepath.Join(t.TempDir(), "x.txt")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := snapshot.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, c := range map[string]struct {
		before, after int
		worse         bool
	}{
		"none, then a quarter of the rounds": {0, 5, true},
		"the same":                           {5, 5, false},
		"a quarter, then none":               {5, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := judge(t, snapshotOf(c.before), snapshotOf(c.after))
			if worse := g.worse(); (len(worse) == 1) != c.worse {
				t.Errorf("worse are %+v", worse)
			}
			if n := g.figures[len(g.figures)-1]; n.unit != "lock errors" ||
				n.minP != ranktest.MinGreater(200, 200) {
				t.Errorf("lock errors are not judged by round: %+v", n)
			}
		})
	}
}

func TestTheGateSaysIfItCannotJudge(t *testing.T) {
	s := committed(t, "default")
	first, second := []int{0, 1, 2, 3, 4, 5}, []int{4, 5, 6, 7, 8, 9}
	err := judge(t, runs(s, first), runs(s, second)).check(&strings.Builder{})
	if err == nil || errors.Is(err, errGate) || strings.Contains(err.Error(), "\n") ||
		!strings.Contains(err.Error(), "it needs 7; make both snapshots again with COUNT=10") {
		t.Errorf("%v, want one line that names the number of runs", err)
	}
}

func TestAPassedGateIsNoProof(t *testing.T) {
	path := sample(t, "x.txt", same)
	text := oneLine(printed(t, "OLD", path, "NEW", path, "GATE", "5"))
	want := regexp.MustCompile(`none of 26 figures is shown to be worse by more than 5 % ` +
		`\(lock errors: 1 point\)\. This is no proof: by their 95 % intervals, rates and times ` +
		`may be worse by \d+ % in the median figure, and by \d+ % in the least certain one\.`)
	if !want.MatchString(text) {
		t.Errorf("no %s in %s", want, text)
	}
}

func TestTheGateNamesTheDisk(t *testing.T) {
	s := committed(t, "default")
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	older, slow := runs(s, all), slowed(s, 4)
	if err := judge(t, older, slow).check(&strings.Builder{}); !errors.Is(err, errGate) ||
		!strings.Contains(oneLine(err.Error()),
			"The disk changed, not only the program: it syncs 0.25x [") {
		t.Errorf("%v does not name the disk", err)
	}
	for i, r := range slow.Results {
		if strings.HasPrefix(string(r.Name), "Ceiling/disk=") {
			slow.Results[i] = older.Results[place(older, slow, i)]
		}
	}
	if err := judge(t, older, slow).check(&strings.Builder{}); !errors.Is(err, errGate) ||
		strings.Contains(err.Error(), "The disk changed") {
		t.Errorf("%v names the disk, which is the same", err)
	}
	var out strings.Builder
	if err := judge(t, older, slowed(s, 1.0/4)).check(&out); err != nil ||
		!strings.Contains(oneLine(out.String()), "The disk changed: it syncs 4.0x [") {
		t.Errorf("%v, and of a faster disk: %s", err, &out)
	}
}

// place returns where a snapshot has the result that stands at line i of another order.
func place(in, of *snapshot.Snapshot, i int) int {
	_, line := of.Results[i].Pos()
	for j, r := range in.Results {
		if _, other := r.Pos(); other == line {
			return j
		}
	}
	return -1
}

func TestTheGateRepeatsWarnings(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", replace("kernel: ", "kernel: other "))
	text := printed(t, "OLD", older, "NEW", newer, "GATE", "5")
	_, text, _ = strings.Cut(oneLine(text), " gate: ")
	if !strings.Contains(text, "Warning: the snapshots differ in kernel: ") {
		t.Errorf("no warning in %s", text)
	}
}

// Each run of the new snapshot is 10 % slower than the old one beside it, while the machine becomes
// ten times as fast. Only pairs show it.
func TestRunsInTurnsAreComparedInPairs(t *testing.T) {
	lines := func(factor float64, mark string) string {
		var text strings.Builder
		text.WriteString("# make bench\n# begun 2026-11-25T00:00:00Z\n" + mark)
		for i := range 12 {
			fmt.Fprintf(&text, "# disk before: 1\nBenchmarkBurst/writers=8-2 1 %v inserts/s\n",
				1000*float64(i+1)*factor)
		}
		return text.String()
	}
	const mark = "# interleaved with x\n"
	for name, c := range map[string]struct {
		mark  string
		worse bool
	}{"in turns": {mark, true}, "not in turns": {"", false}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			older, newer := filepath.Join(dir, "x-old.txt"), filepath.Join(dir, "x-new.txt")
			for path, factor := range map[string]float64{older: 1, newer: 0.9} {
				if err := os.WriteFile(path, []byte(lines(factor, c.mark)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			err := run(&out, golden.Getenv("OLD", older, "NEW", newer, "GATE", "5"))
			if errors.Is(err, errGate) != c.worse || !c.worse && err != nil {
				t.Errorf("the gate: %v", err)
			}
			if got := strings.Contains(out.String(), "0.90x [0.90, 0.90]"); got != c.worse {
				t.Errorf("compares in pairs: %v\n%s", got, &out)
			}
			if got := strings.Contains(out.String(), "were not made in turns"); got == c.worse {
				t.Errorf("says that they were not made in turns: %v\n%s", got, &out)
			}
		})
	}
}

// With few pairs no p value of the signed-rank test is small enough for many figures.
func TestPairsAreJudgedByTheUTestIfTheyAreTooFew(t *testing.T) {
	for _, c := range []struct {
		pairs, rows int
		want        float64
	}{
		{7, 2, ranktest.MinPositive(7)},
		{7, 3, ranktest.MinGreater(7, 7)},
		{12, 68, ranktest.MinPositive(12)},
		{12, 69, ranktest.MinGreater(12, 12)},
	} {
		t.Run(fmt.Sprint(c.pairs, " pairs, ", c.rows, " rows"), func(t *testing.T) {
			snapshotOf := func(name string, rate int) *snapshot.Snapshot {
				text := "# begun now\n# interleaved with x\n"
				for range c.pairs {
					text += "# disk before: 1\n"
					rate++
					for row := range c.rows {
						text += fmt.Sprintf("BenchmarkX/rows=%d-2 1 %d inserts/s\n", row, rate)
					}
				}
				path := filepath.Join(t.TempDir(), name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				s, err := snapshot.Read(path)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			g := judge(t, snapshotOf("old.txt", 1000), snapshotOf("new.txt", 100))
			if f := g.figures[0]; f.minP != c.want || math.Abs(f.p-c.want) > 1e-12 {
				t.Errorf("p is %v of at least %v, want %v", f.p, f.minP, c.want)
			}
			if err := g.check(&strings.Builder{}); !errors.Is(err, errGate) {
				t.Errorf("%v, want a gate that shuts", err)
			}
		})
	}
}

// A program that waits instead of failing at once has a lower rate.
func TestTheGateDoesNotJudgeARateWhoseLockErrorsBecameFewer(t *testing.T) {
	const policies = "../../results/policies.txt"
	older := write(t, policies, "old.txt",
		only("Burst/exec=process/journal=delete/writers=64/busy=none-",
			replace("busy=none", "busy=5s")))
	newer := write(t, policies, "new.txt", func(line string) string {
		line = only("Burst/exec=process/journal=delete/writers=64/busy=5s-", same)(line)
		return regexp.MustCompile(`[0-9.]+ inserts/s`).ReplaceAllString(line, "1 inserts/s")
	})
	text := printed(t, "OLD", older, "NEW", newer, "GATE", "5")
	text = oneLine(text)
	for _, want := range []string{
		"gate: none of 1 figure", "inserts/s of 1 row is not judged: over 1 % of the attempts",
		"p99-ns of 1 row is not judged",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
