package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// printed returns what is printed, without the directories of the test.
func printed(t *testing.T, settings ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(&out, golden.Getenv(settings...)); err != nil {
		t.Fatal(err)
	}
	directory := regexp.MustCompile(regexp.QuoteMeta(os.TempDir()) + `\S*/`)
	return directory.ReplaceAllString(out.String(), "")
}

func TestReport(t *testing.T) {
	path := sample(t, "sample.txt", same)
	slower := sample(t, "slower.txt", tenfold("p99-ns"))
	refusals := golden.CopyFile(t, "testdata/refusals.txt", "refusals.txt")
	for name, settings := range map[string][]string{
		"exec":       {"LABEL", path, "BY", "exec"},
		"refusals":   {"LABEL", refusals, "BY", "txn=upgrade,immediate,auto"},
		"all-units":  {"LABEL", refusals, "BY", "txn", "BENCH", "Sustained", "UNITS", "all"},
		"one-unit":   {"LABEL", path, "BY", "journal", "UNITS", "skew-ns"},
		"other-rows": {"OLD", path, "NEW", slower, "BENCH", "Ceiling|Harness"},
		"slower":     {"OLD", path, "NEW", slower, "BENCH", "Burst/.*/journal=wal/writers=8"},
	} {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, "report-"+name+".golden", printed(t, settings...))
		})
	}
}

func TestUnitsMayBeGivenByTheirHeadings(t *testing.T) {
	path := sample(t, "sample.txt", same)
	for headings, units := range map[string]string{
		"p99,max":       "p99-ns max-ns",
		"lock errors":   "lockerrs",
		"p50 inserts/s": "p50-ns inserts/s",
	} {
		t.Run(headings, func(t *testing.T) {
			got := printed(t, "LABEL", path, "BY", "exec", "UNITS", headings)
			want := printed(t, "LABEL", path, "BY", "exec", "UNITS", units)
			if got != want {
				t.Errorf("printed\n%s, want\n%s", got, want)
			}
		})
	}
}

func TestEveryLineFits(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large snapshots")
	}
	results := func(name string) string {
		return golden.CopyFile(t, filepath.Join("../../results", name), name)
	}
	standard, txn := results("default.txt"), results("txn.txt")
	wide := sample(t, "wide.txt", func(line string) string {
		return strings.NewReplacer("exec=process", "exec="+strings.Repeat("x", 120),
			"/journal=wal", "/payload="+strings.Repeat("7", 120)+"/journal=wal").Replace(line)
	})
	for name, settings := range map[string][]string{
		"default":       {"LABEL", standard},
		"policies":      {"LABEL", results("policies.txt"), "BY", "busy"},
		"txn":           {"LABEL", txn, "BY", "txn"},
		"all units":     {"LABEL", txn, "BY", "txn", "UNITS", "all"},
		"two snapshots": {"OLD", standard, "NEW", results("service.txt")},
		"every unit":    {"OLD", txn, "NEW", txn, "UNITS", "all", "GATE", "5"},
		"long values":   {"LABEL", wide, "BY", "exec writers"},
		"two with them": {"OLD", wide, "NEW", wide},
	} {
		t.Run(name, func(t *testing.T) {
			for line := range strings.Lines(printed(t, settings...)) {
				line = strings.TrimSuffix(line, "\n")
				if n := utf8.RuneCountInString(line); n > 100 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
}

func TestAFailedGateFits(t *testing.T) {
	older := sample(t, "old.txt", replace("/writers=8", "/writers=8/busy=queue:60s/txn=immediate"+
		"/sync=normal/conn=fresh"))
	newer := sample(t, "new.txt", func(line string) string {
		return replace("/writers=8", "/writers=8/busy=queue:60s/txn=immediate"+
			"/sync=normal/conn=fresh")(tenfold("p99-ns")(line))
	})
	err := run(&strings.Builder{}, golden.Getenv("OLD", older, "NEW", newer, "GATE", "5"))
	if err == nil {
		t.Fatal("the gate is passed")
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestRowsOfOneSideAreNamedInOneSentence(t *testing.T) {
	path := sample(t, "all.txt", same)
	part := sample(t, "part.txt", func(line string) string {
		if strings.Contains(line, "journal=delete/writers=8") {
			return ""
		}
		return line
	})
	refusals := golden.CopyFile(t, "testdata/refusals.txt", "refusals.txt")
	const row = "Burst exec=goroutine journal=delete writers=8"
	for name, c := range map[string]struct {
		settings []string
		want     string
	}{
		"old": {[]string{"OLD", path, "NEW", part}, "Only old: " + row + "; "},
		"new": {[]string{"OLD", part, "NEW", path}, "Only new: " + row + "; "},
		"a value": {[]string{"LABEL", part, "BY", "journal"},
			"Only journal=wal: Burst exec=goroutine journal=wal writers=8; "},
		"without the first": {
			[]string{"LABEL", refusals, "BY", "txn=auto,immediate,upgrade"},
			"Without txn=auto: Burst exec=process journal=delete writers=16; "},
	} {
		t.Run(name, func(t *testing.T) {
			text := oneLine(printed(t, c.settings...))
			if strings.Count(text, c.want) != 1 {
				t.Errorf("no %q once in\n%s", c.want, text)
			}
		})
	}
}

func TestAMaximumIsNoQuantile(t *testing.T) {
	attempts := regexp.MustCompile(`\S+ attempts`)
	few := sample(t, "few.txt", func(line string) string {
		return attempts.ReplaceAllString(line, "40 attempts")
	})
	if text := printed(t, "LABEL", few, "BY", "exec"); !strings.Contains(text, "ms* ±") ||
		!strings.Contains(text, snapshot.MaxNote) {
		t.Errorf("a p99 of 40 attempts is not marked:\n%s", text)
	}
	text := printed(t, "LABEL", few, "BY", "exec", "UNITS", "inserts/s")
	if strings.Contains(text, snapshot.MaxNote) {
		t.Errorf("explains a mark that is not there:\n%s", text)
	}
}

// Header lines describe the machine. Rows of two machines are not to be compared.
func TestRowsUnderDifferentHeaderLinesAreNotCompared(t *testing.T) {
	path := sample(t, "sample.txt", func(line string) string {
		if strings.Contains(line, "exec=process") {
			return "cores: 64\n" + line + "cores: 2\n"
		}
		return line
	})
	text := printed(t, "LABEL", path, "BY", "exec")
	if strings.Contains(text, "  vs ") || !strings.Contains(text, "Only exec=process: Burst") {
		t.Errorf("compares rows of two machines:\n%s", text)
	}
}

// A refused attempt is a quick one, so the waits of a row that refuses look short. Its rounds may
// be shorter, or last as long as the timeout.
func TestRatiosThatLockErrorsBiasAreMarked(t *testing.T) {
	s, err := snapshot.Read("testdata/refusals.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := column{axis: "txn", values: []string{"upgrade", "immediate"}}.compare(s)
	reverse := column{axis: "txn", values: []string{"immediate", "upgrade"}}.compare(s)
	const burst, sustained = 0, 1 // sections
	for _, x := range []struct {
		name, unit     string
		section, group int
		marked         bool
	}{
		{"fewer inserts without refusals", "inserts/s", burst, 0, true},
		{"more inserts without refusals", "inserts/s", sustained, 0, true},
		{"a longer wait without refusals", "p99-ns", sustained, 0, true},
		{"a shorter wait without refusals", "p99-ns", sustained, 1, false},
		{"a unit that refusals do not change", "jain", sustained, 0, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, c := range []comparison{c, reverse} {
				g := c.sections[x.section].groups[x.group]
				q, ok := c.divide(*g[1], *g[0], x.unit)
				if !ok || q.marked != x.marked {
					t.Errorf("%s against %s: %+v, %v, want marked %v",
						c.name(1), c.name(0), q, ok, x.marked)
				}
			}
		})
	}
}

func TestTheLastAcknowledgementOfABurstIsShown(t *testing.T) {
	longest := regexp.MustCompile(`(BenchmarkBurst.*\s)(\S+) max-ns`)
	const from = "../bench/testdata/lockerrors.txt"
	path := write(t, from, "lockerrors.txt", func(line string) string {
		return longest.ReplaceAllString(line, "$1$2 max-ns $2 last-ack-ns")
	})
	for benchmark, want := range map[string]string{
		"Burst":     "inserts/s lock errors p50 p99 last-ack ",
		"Sustained": "inserts/s lock errors p50 p99 max ",
	} {
		t.Run(benchmark, func(t *testing.T) {
			text := printed(t, "LABEL", path, "BY", "txn=upgrade,immediate", "BENCH", benchmark)
			if !strings.Contains(oneLine(text), " txn "+want) {
				t.Errorf("no columns %s in\n%s", want, text)
			}
			if _, marked, _ := strings.Cut(text, "vs upgrade"); !regexp.MustCompile(
				`^ +\([\d.]+x p=[\d.]+\)`).MatchString(marked) {
				t.Errorf("the ratio of inserts/s is not marked:\n%s", text)
			}
		})
	}
}

func TestRowsWithoutARatioAreCounted(t *testing.T) {
	older := sample(t, "old.txt", same)
	stopped := regexp.MustCompile(`[0-9.]+ inserts/s`)
	newer := sample(t, "new.txt", func(line string) string {
		if strings.Contains(line, "exec=process") {
			return stopped.ReplaceAllString(line, "0 inserts/s")
		}
		return line
	})
	text := printed(t, "OLD", older, "NEW", newer, "BENCH", "Burst", "UNITS", "inserts/s")
	text = oneLine(text)
	if !strings.Contains(text, " in 4 rows, without a ratio in 4 rows, as a run has 0") {
		t.Errorf("the rows without inserts are not in the verdict:\n%s", text)
	}
}

func TestTheBoundOfTheLongestWaitIsNamedIfBusyVaries(t *testing.T) {
	refusals := golden.CopyFile(t, "../bench/testdata/lockerrors.txt", "lockerrors.txt")
	path := sample(t, "sample.txt", same)
	for by, c := range map[string]struct {
		path  string
		notes int
	}{"busy": {refusals, 1}, "journal": {refusals, 1}, "exec": {path, 0}} {
		t.Run(by, func(t *testing.T) {
			text := oneLine(printed(t, "LABEL", c.path, "BY", by))
			want := snapshot.MaxWaitIntro + " 5s to 15s with busy=5s ("
			if n := strings.Count(text, want); n != c.notes {
				t.Errorf("%d notes, want %d, in %s", n, c.notes, text)
			}
		})
	}
}

// An attempt that ends early leaves the acknowledged ones less to wait for, too.
func TestAcknowledgedQuantilesOfARowThatRefusesAreMarked(t *testing.T) {
	path := golden.CopyFile(t, "../bench/testdata/lockerrors.txt", "lockerrors.txt")
	text := printed(t, "LABEL", path, "BY", "txn=upgrade,immediate", "BENCH", "Burst",
		"UNITS", "acked-p50-ns,acked-p99-ns")
	figures := regexp.MustCompile(`(?m)^  upgrade +\(\S+ \S+\) +\(\S+ \S+\)$`)
	if n := len(figures.FindAllString(text, -1)); n != 2 {
		t.Errorf("%d rows are marked, want 2:\n%s", n, text)
	}
	if !strings.Contains(text, "\n"+"( ): over 1 % of the attempts were refused") {
		t.Errorf("the marks are not explained:\n%s", text)
	}
}

func TestWarningsOfTheBenchmarksStandAboveTheVerdictOnce(t *testing.T) {
	const lines = "# warning: tmpfs is no disk\n# disturbed: steal=9.0%\n" +
		"# warning: do not compare this run: the host took 9.0% of the processor time\n"
	path := sample(t, "sample.txt", func(line string) string {
		if strings.HasPrefix(line, "# disk before: ") {
			return line + lines
		}
		return line
	})
	for name, settings := range map[string][]string{
		"one": {"LABEL", path, "BY", "exec"}, "two": {"OLD", path, "NEW", path},
	} {
		t.Run(name, func(t *testing.T) {
			text := oneLine(printed(t, settings...))
			above, _, found := strings.Cut(text, " against ")
			if !found || strings.Count(above, " Warning: tmpfs is no disk. ") != 1 ||
				strings.Count(above, " Warning: sample.txt has ") != 1 ||
				strings.Count(text, "Warning: ") != 2 || strings.Contains(text, "the host took") {
				t.Errorf("not each warning once above the verdict:\n%s", text)
			}
		})
	}
}
