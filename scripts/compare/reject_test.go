package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// rejection is a comparison that is rejected.
type rejection struct {
	name string
	env  []string
	want string // in the error
}

func (c rejection) check(t *testing.T) {
	t.Helper()
	var out strings.Builder
	err := run(&out, golden.Getenv(c.env...))
	if err == nil || !strings.Contains(err.Error(), c.want) ||
		strings.Contains(err.Error(), "\n") || errors.Is(err, errGate) {
		t.Errorf("%v, want one line with %q", err, c.want)
	}
	if out.Len() > 0 {
		t.Errorf("printed %s", &out)
	}
}

func TestCompareRejectsSettings(t *testing.T) {
	good := sample(t, "good.txt", same)
	for _, c := range []rejection{
		{"no such benchmark", []string{"LABEL", good, "BENCH", "Limit"},
			`no benchmark that matches "Limit"; it holds Burst, Ceiling`},
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
			`UNITS: no benchmark reports "insert/s" (did you mean inserts/s?); ` +
				`give all, or some of inserts/s, `},
		{"a misspelt unit", []string{"LABEL", good, "UNITS", "skwe-ns"},
			`reports "skwe-ns" (did you mean skew-ns?); give all`},
		{"all units and another one", []string{"LABEL", good, "UNITS", "all,skew-ns"},
			`UNITS: no benchmark reports "all"`},
		{"a unit of another benchmark",
			[]string{"LABEL", good, "BENCH", "Burst", "UNITS", "syncs/s"}, `reports "syncs/s"`},
		{"a gate for one snapshot", []string{"LABEL", good, "GATE", "5"},
			"GATE needs two snapshots"},
		{"OLD alone", []string{"OLD", good}, "OLD and NEW go together"},
		{"OLD, NEW and BY", []string{"OLD", good, "NEW", good, "BY", "exec"}, "give either"},
		{"a gate that is no number", []string{"OLD", good, "NEW", good, "GATE", "much"},
			`bad GATE "much"`},
		{"a gate below 0", []string{"OLD", good, "NEW", good, "GATE", "-1"}, `bad GATE "-1"`},
	} {
		t.Run(c.name, c.check)
	}
}

// damaged changes the results of one row by their number, from 1.
func damaged(t *testing.T, name string, change func(line string, number int) string) string {
	t.Helper()
	number := 0
	return sample(t, name, func(line string) string {
		if !strings.HasPrefix(line, "BenchmarkBurst/exec=process/journal=wal/writers=8") {
			return line
		}
		number++
		return change(line, number)
	})
}

func TestCompareRejectsSnapshots(t *testing.T) {
	good := sample(t, "good.txt", same)
	few := damaged(t, "few.txt", func(line string, number int) string {
		if number > 5 {
			return ""
		}
		return line
	})
	mixed := damaged(t, "mixed.txt", func(line string, number int) string {
		if number > 3 {
			return "go: go1.27\n" + line + "go: go1.26.8\n"
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
	for _, c := range []rejection{
		{"missing", []string{"LABEL", "nonesuch"}, "results/nonesuch.txt does not exist"},
		{"empty", []string{"LABEL", empty}, "holds no benchmark results"},
		{"5 samples", []string{"LABEL", few},
			"has 5 samples of Burst/exec=process/journal=wal/writers=8-2; comparing needs 6"},
		{"3 + 3 samples under different headers", []string{"LABEL", mixed},
			`has results of Burst/exec=process/journal=wal/writers=8-2 under different header ` +
				`lines (go: "go1.26.8", then "go1.27")`},
		{"3 + 3 new samples under different headers", []string{"OLD", good, "NEW", mixed},
			"under different header lines"},
		{"NEW missing", []string{"OLD", good, "NEW", "nonesuch"},
			"results/nonesuch.txt does not exist"},
		{"5 new samples", []string{"OLD", good, "NEW", few}, "has 5 samples"},
		{"nothing in common", []string{"OLD", good, "NEW", other}, "no benchmark in common"},
		{"a gate without its units", []string{"OLD", bare, "NEW", bare, "GATE", "1"},
			"have neither inserts/s nor p99-ns nor lockerrs in common"},
	} {
		t.Run(c.name, c.check)
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
