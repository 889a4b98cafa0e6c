package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// sample copies the sample snapshot into a fresh directory, changed line by line.
func sample(t *testing.T, name string, change func(line string) string) (path string) {
	t.Helper()
	text, err := os.ReadFile("../testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.SplitAfter(string(text), "\n") {
		lines = append(lines, change(line))
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// oneLine returns a text without its line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func same(line string) string { return line }

// replace makes a change of the first occurrence of a text in each line.
func replace(older, newer string) func(string) string {
	return func(line string) string { return strings.Replace(line, older, newer, 1) }
}

// tenfold makes inserts/s or p99-ns of the process rows ten times as large by a digit.
func tenfold(unit string) func(string) string {
	figure := regexp.MustCompile(`([0-9]+)((?:\.[0-9]+)? ` + unit + ")")
	return func(line string) string {
		if !strings.Contains(line, "exec=process") {
			return line
		}
		return figure.ReplaceAllString(line, "${1}0$2")
	}
}

// stored returns the text of a file beside a snapshot.
func stored(t *testing.T, path, suffix string) string {
	t.Helper()
	text, err := os.ReadFile(snapshot.Sibling(path, suffix))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTablesAreStoredBesideTheSnapshot(t *testing.T) {
	path := sample(t, "sample.txt", same)
	var out strings.Builder
	if err := run(&out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	for _, axis := range []string{"journal", "exec", "writers"} {
		t.Run(axis, func(t *testing.T) {
			golden.Check(t, "by-"+axis+".golden", stored(t, path, "by-"+axis+".txt"))
			if want := "\n  " + snapshot.Sibling(path, "by-"+axis+".txt") + "\n"; !strings.Contains(
				out.String(), want) {
				t.Errorf("the path %s is not printed:\n%s", want, &out)
			}
		})
	}
}

// Values that are named stand in their order, the first as the base, and the others are left out.
func TestColumnsStandInTheOrderOfBY(t *testing.T) {
	path := sample(t, "sample.txt", same)
	by := "exec=process,goroutine writers=8,1"
	err := run(io.Discard, golden.Getenv("LABEL", path, "BY", by, "BENCH", "Burst"))
	if err != nil {
		t.Fatal(err)
	}
	for axis, want := range map[string]string{
		"exec":    `process *│ *goroutine`,
		"writers": ` 8 *│ *1 `,
	} {
		t.Run(axis, func(t *testing.T) {
			text := stored(t, path, "by-"+axis+".txt")
			if !regexp.MustCompile(want).MatchString(text) {
				t.Errorf("no columns %s in\n%s", want, text)
			}
			if !strings.HasPrefix(text, "# make compare LABEL=sample BY="+axis+"=") ||
				!strings.Contains(text, " BENCH='Burst'\n") {
				t.Errorf("the title does not say how it was made:\n%s", text)
			}
		})
	}
}

// As with go test -bench, a pattern may select by the parts of a name.
func TestBenchSelectsByPartsOfTheName(t *testing.T) {
	path := sample(t, "sample.txt", same)
	getenv := golden.Getenv("LABEL", path, "BY", "writers", "BENCH", "Burst/exec=process")
	err := run(io.Discard, getenv)
	if err != nil {
		t.Fatal(err)
	}
	text := stored(t, path, "by-writers.txt")
	if strings.Contains(text, "goroutine") || !strings.Contains(text, "Burst/exec=process") {
		t.Errorf("the table is not of processes only:\n%s", text)
	}
}

func TestTwoSnapshots(t *testing.T) {
	older := sample(t, "before.txt", same)
	newer := sample(t, "after.txt", func(line string) string {
		return tenfold("p99-ns")(replace("go: go1.26.8", "go: go1.27")(line))
	})
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer, "BENCH", "Burst")); err != nil {
		t.Fatal(err)
	}
	text := stored(t, newer, "vs-before.txt")
	// The directories of this test are no part of what is expected.
	directories := strings.NewReplacer(filepath.Dir(older)+"/", "", filepath.Dir(newer)+"/", "")
	golden.Check(t, "two.golden", directories.Replace(text))
	path := snapshot.Sibling(newer, "vs-before.txt")
	if !strings.HasSuffix(out.String(), "stored in\n  "+path+"\n") {
		t.Errorf("the path %s is not in the last line:\n%s", path, &out)
	}
}

func TestADifferentEnvironmentIsAWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	for key, value := range map[string]string{
		"driver":     "x",
		"sqlite":     "3.0",
		"filesystem": "xfs",
		"kernel":     "Linux 1",
		"cores":      "64",
		"go":         "go1",
	} {
		t.Run(key, func(t *testing.T) {
			newer := sample(t, "new.txt", func(line string) string {
				if strings.HasPrefix(line, key+": ") {
					return fmt.Sprintf("%s: %s\n", key, value)
				}
				return line
			})
			var out strings.Builder
			if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
				t.Fatal(err)
			}
			text := stored(t, newer, "vs-old.txt")
			warning := fmt.Sprintf("\n# warning: the snapshots differ in %s: ", key)
			end := fmt.Sprintf("then %q\n", value)
			if n := strings.Count(text, warning); n != 1 || !strings.Contains(text, end) {
				t.Errorf("%d warnings in the file, want 1:\n%s", n, text)
			}
			if strings.Contains(text, "\n"+key+": ") {
				t.Errorf("the file has the table twice, for each %s:\n%s", key, text)
			}
			warning = fmt.Sprintf("Warning: the snapshots differ in %s: ", key)
			end = fmt.Sprintf("then %q.", value)
			printed := oneLine(out.String())
			if n := strings.Count(printed, warning); n != 1 || !strings.Contains(printed, end) {
				t.Errorf("%d warnings are printed, want 1:\n%s", n, &out)
			}
		})
	}
}

// A variable of Go's runtime is in the header only if it is set.
func TestAHeaderLineOfOneSnapshotOnlyIsAWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", replace("cores: 2\n", "cores: 2\ngoenv: GOMEMLIMIT=1MiB\n"))
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	want := `Warning: the snapshots differ in goenv: "", then "GOMEMLIMIT=1MiB".`
	if !strings.Contains(out.String(), want) {
		t.Errorf("no %s in\n%s", want, &out)
	}
}

func TestADifferentSettingIsNoWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", replace("round: 50ms", "round: 1s"))
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	want := `The snapshots differ in round: "50ms", then "1s".`
	if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "Warning:") {
		t.Errorf("no %s, or a warning, in\n%s", want, &out)
	}
}

func TestRevisionsArePrinted(t *testing.T) {
	older := sample(t, "old.txt", replace("# begun ", "# revision abc1234\n# begun "))
	newer := sample(t, "new.txt", replace("# begun ", "# revision def5678-dirty\n# begun "))
	for name, c := range map[string]struct{ env, want []string }{
		"two": {[]string{"OLD", older, "NEW", newer},
			[]string{"old.txt, revision abc1234\n", "new.txt, revision def5678-dirty\n"}},
		"one": {[]string{"LABEL", older, "BY", "exec"}, []string{"old.txt, revision abc1234\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := run(&out, golden.Getenv(c.env...)); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
		})
	}
}

// Older snapshots have hold-% for lockheld-%.
func TestAFormerUnitNameIsComparedWithThePresentOne(t *testing.T) {
	older := sample(t, "old.txt", replace(" lockerr-%", " hold-%"))
	newer := sample(t, "new.txt", replace(" lockerr-%", " lockheld-%"))
	if err := run(io.Discard, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	if text := stored(t, newer, "vs-old.txt"); strings.Contains(text, " hold-%") ||
		!regexp.MustCompile(`lockheld-% *│ *lockheld-%`).MatchString(text) {
		t.Errorf("no columns of lockheld-%% side by side:\n%s", text)
	}
}

// As arguments of benchstat, these would be labels, flags or its syntax.
func TestOddFileNamesAreCompared(t *testing.T) {
	if testing.Short() {
		t.Skip("starts benchstat 16 times")
	}
	for _, name := range []string{"a=b", "-x", "-col=x", "a b'c", "#", "(@)", "\"", "%s"} {
		t.Run(name, func(t *testing.T) {
			path := sample(t, name+".txt", same)
			for _, settings := range [][]string{{"LABEL", path}, {"OLD", path, "NEW", path}} {
				if err := run(io.Discard, golden.Getenv(settings...)); err != nil {
					t.Errorf("%v: %v", settings, err)
				}
			}
			text := stored(t, path, "vs-"+name+".txt")
			header := regexp.MustCompile(`│ *old:` + regexp.QuoteMeta(name) + ` *│`)
			if !header.MatchString(text) {
				t.Errorf("no column old:%s in\n%s", name, text)
			}
		})
	}
}

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

// A budget gives some rows more runs than others.
func TestRowsMayHaveDifferentNumbersOfRuns(t *testing.T) {
	path := sample(t, "x.txt", func(line string) string {
		if strings.Contains(line, "Burst/exec=process/journal=wal/writers=8-") {
			return line + "# disk before: 1\n" + line
		}
		return line
	})
	for name, settings := range map[string][]string{
		"one": {"LABEL", path, "BY", "exec"}, "two": {"OLD", sample(t, "y.txt", same), "NEW", path},
	} {
		t.Run(name, func(t *testing.T) {
			if text := printed(t, settings...); !strings.Contains(text, "  process  ") &&
				!strings.Contains(text, "  vs old  ") {
				t.Errorf("printed %s", text)
			}
		})
	}
}

func TestCompareRejects(t *testing.T) {
	good := sample(t, "good.txt", same)
	const row = "BenchmarkBurst/exec=process/journal=wal/writers=8"
	fewer := 0
	few := sample(t, "few.txt", func(line string) string {
		if strings.HasPrefix(line, row) {
			if fewer++; fewer > 5 {
				return ""
			}
		}
		return line
	})
	number := 0
	mixed := sample(t, "mixed.txt", func(line string) string {
		if strings.HasPrefix(line, row) {
			if number++; number > 3 {
				return "go: go1.27\n" + line + "go: go1.26.8\n"
			}
		}
		return line
	})
	other := sample(t, "other.txt", func(line string) string {
		return strings.ReplaceAll(line, "Benchmark", "BenchmarkOther")
	})
	bare := sample(t, "bare.txt", func(line string) string {
		names := strings.NewReplacer(" inserts/s", " x/s", " p99-ns", " x-ns", " lockerrs", " x")
		return names.Replace(strings.ReplaceAll(line, "\t", " "))
	})
	empty := filepath.Join(t.TempDir(), "empty.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		env  []string
		want string
	}{
		{"missing", []string{"LABEL", "nonesuch"}, "results/nonesuch.txt does not exist"},
		{"empty", []string{"LABEL", empty}, "holds no benchmark results"},
		{"no such benchmark", []string{"LABEL", good, "BENCH", "Limit"},
			`no benchmark that matches "Limit"; it holds Burst, Ceiling`},
		{"5 samples", []string{"LABEL", few},
			"has 5 samples of Burst/exec=process/journal=wal/writers=8-2; comparing needs 6"},
		{"3 + 3 samples under different headers", []string{"LABEL", mixed},
			`has results of Burst/exec=process/journal=wal/writers=8-2 under different header ` +
				`lines (go: "go1.26.8", then "go1.27")`},
		{"3 + 3 new samples under different headers", []string{"OLD", good, "NEW", mixed},
			"under different header lines"},
		{"no such axis", []string{"LABEL", good, "BY", "txm"},
			"BY=txm: no such axis (did you mean txn?); the axes are exec, journal"},
		{"an axis that is in no name", []string{"LABEL", good, "BY", "busy"},
			"has 0 values of that axis"},
		{"no such benchmark", []string{"LABEL", good, "BENCH", "Brust"},
			`no benchmark that matches "Brust" (did you mean Burst?); it holds Burst`},
		{"one value", []string{"LABEL", good, "BY", "exec=process"},
			"has 1 values of that axis (process)"},
		{"no such value", []string{"LABEL", good, "BY", "exec=process,thread"},
			"has no exec=thread; it has goroutine, process"},
		{"a value twice", []string{"LABEL", good, "BY", "journal=delete,delete"},
			"BY=journal=delete,delete: value delete is given twice"},
		{"a value again", []string{"LABEL", good, "BY", "journal=delete,wal,delete"},
			"delete is given twice"},
		{"an axis twice", []string{"LABEL", good, "BY", "exec journal exec=process,goroutine"},
			"axis exec is given twice"},
		{"an unknown unit", []string{"LABEL", good, "UNITS", "skew-ns insert/s"},
			`UNITS: no benchmark to compare reports "insert/s" (did you mean inserts/s?); ` +
				`give all, or some of inserts/s, `},
		{"a misspelt unit", []string{"LABEL", good, "UNITS", "skwe-ns"},
			`reports "skwe-ns" (did you mean skew-ns?); give all`},
		{"all units and another one", []string{"LABEL", good, "UNITS", "all,skew-ns"},
			`UNITS: no benchmark to compare reports "all"`},
		{"a unit of another benchmark",
			[]string{"LABEL", good, "BENCH", "Burst", "UNITS", "syncs/s"}, `reports "syncs/s"`},
		{"a gate for one snapshot", []string{"LABEL", good, "GATE", "5"},
			"GATE needs two snapshots"},
		{"OLD alone", []string{"OLD", good}, "OLD and NEW go together"},
		{"OLD, NEW and BY", []string{"OLD", good, "NEW", good, "BY", "exec"}, "give either"},
		{"NEW missing", []string{"OLD", good, "NEW", "nonesuch"},
			"results/nonesuch.txt does not exist"},
		{"5 new samples", []string{"OLD", good, "NEW", few}, "has 5 samples"},
		{"nothing in common", []string{"OLD", good, "NEW", other}, "no benchmark in common"},
		{"a gate that is no number", []string{"OLD", good, "NEW", good, "GATE", "much"},
			`bad GATE "much"`},
		{"a gate below 0", []string{"OLD", good, "NEW", good, "GATE", "-1"}, `bad GATE "-1"`},
		{"a gate without its units", []string{"OLD", bare, "NEW", bare, "GATE", "1"},
			"have neither inserts/s nor p99-ns nor lockerrs in common"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(&out, golden.Getenv(c.env...))
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") || errors.Is(err, errGate) {
				t.Errorf("%v, want one line with %q", err, c.want)
			}
			if out.Len() > 0 {
				t.Errorf("printed %s", &out)
			}
		})
	}
}

// The directory of this process's files can be read from and not written to, even by root.
func TestNothingIsPrintedIfNothingCanBeStored(t *testing.T) {
	path := sample(t, "sample.txt", same)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	readOnly := fmt.Sprintf("/proc/self/fd/%d", file.Fd())
	for name, settings := range map[string][]string{
		"one": {"LABEL", readOnly},
		"two": {"OLD", path, "NEW", readOnly},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := run(&out, golden.Getenv(settings...))
			if err == nil || !strings.Contains(err.Error(), readOnly) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want one line that names %s", err, readOnly)
			}
			if out.Len() > 0 {
				t.Errorf("printed %s", &out)
			}
		})
	}
}

func TestNoTableIsStoredIfOneCannotBe(t *testing.T) {
	path := sample(t, "sample.txt", same)
	if err := os.Mkdir(snapshot.Sibling(path, "by-writers.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(&out, golden.Getenv("LABEL", path))
	if err == nil || !strings.Contains(err.Error(), "by-writers.txt") {
		t.Errorf("%v, want one that names by-writers.txt", err)
	}
	if out.Len() > 0 {
		t.Errorf("printed %s", &out)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// benchstat itself exits with 0 here.
func TestOutputOfBenchstatOnStandardErrorIsAFailure(t *testing.T) {
	_, err := benchstat(context.Background(), strings.NewReader("BenchmarkX 1 2x ns/op\n"))
	if err == nil || !strings.Contains(err.Error(), "parsing measurement") {
		t.Errorf("a damaged line: %v", err)
	}
}

func TestInterruptedBenchstatIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := benchstat(ctx, strings.NewReader("")); err == nil || err.Error() != "interrupted" {
		t.Errorf("%v, want interrupted", err)
	}
}
