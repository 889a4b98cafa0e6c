package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

func TestGate(t *testing.T) {
	older := sample(t, "old.txt", same)
	slower := sample(t, "slower.txt", tenfold("p99-ns"))
	faster := sample(t, "faster.txt", tenfold("inserts/s"))
	for _, c := range []struct {
		name, older, newer, gate string
		fails                    []string
	}{
		{"the same", older, older, "5", nil},
		{"slower", older, slower, "5", []string{
			"Burst/exec=process/journal=wal/writers=8-2 p99-ns 10x [7.2, 14], corrected p=0.019",
			"4 of 26 figures by more than 5 % (lock errors: 1 point)",
		}},
		{"slower within the gate", older, slower, "2000", nil},
		{"faster", older, faster, "5%", nil},
		{"fewer inserts", faster, older, "5", []string{"inserts/s 0.10x [0.076, 0.13]", "4 of 26"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(&out, golden.Getenv("OLD", c.older, "NEW", c.newer, "GATE", c.gate))
			if errors.Is(err, errGate) != (c.fails != nil) || c.fails == nil && err != nil {
				t.Fatal(err)
			}
			for _, want := range c.fails {
				if !strings.Contains(oneLine(err.Error()), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if c.fails != nil && strings.Contains(err.Error(), "goroutine") {
				t.Errorf("names a row that is the same: %v", err)
			}
			if !strings.Contains(out.String(), "  vs old ") {
				t.Error("the table is not printed")
			}
			if c.fails == nil && !strings.Contains(out.String(), "gate: none of 26 figures") {
				t.Error("the gate is not mentioned")
			}
		})
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

// withRefusedRounds returns a snapshot of ten runs of 20 rounds each. Half of the writers of some
// rounds are refused.
func withRefusedRounds(t *testing.T, refused int) *snapshot.Snapshot {
	t.Helper()
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
	return written(t, "x.txt", text.String())
}

// written returns the snapshot of a text.
func written(t *testing.T, name, text string) *snapshot.Snapshot {
	t.Helper()
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

func TestLockErrorsAreJudgedByRound(t *testing.T) {
	for name, c := range map[string]struct {
		before, after int
		worse         bool
	}{
		"none, then a quarter of the rounds": {0, 5, true},
		"the same":                           {5, 5, false},
		"a quarter, then none":               {5, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := judge(t, withRefusedRounds(t, c.before), withRefusedRounds(t, c.after))
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
