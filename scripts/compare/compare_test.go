package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// env makes a getenv of pairs.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

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

func same(line string) string { return line }

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

func TestTablesAreStoredBesideTheSnapshot(t *testing.T) {
	path := sample(t, "sample.txt", same)
	var out strings.Builder
	if err := run(&out, env("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	for _, axis := range []string{"journal", "exec", "writers"} {
		text, err := os.ReadFile(snapshot.Sibling(path, "by-"+axis+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "by-"+axis+".golden", string(text))
		if !strings.Contains(out.String(), string(text)) {
			t.Errorf("the table by %s is stored but not printed", axis)
		}
	}
}

// Values that are named stand in their order, the first as the base, and the others are left out.
func TestColumnsInAnOrderOfOnesOwn(t *testing.T) {
	path := sample(t, "sample.txt", same)
	if err := run(io.Discard, env("LABEL", path, "BY", "exec=process,goroutine writers=8,1", "BENCH", "Burst")); err != nil {
		t.Fatal(err)
	}
	for axis, want := range map[string]string{"exec": `process *│ *goroutine`, "writers": ` 8 *│ *1 `} {
		text, err := os.ReadFile(snapshot.Sibling(path, "by-"+axis+".txt"))
		if err != nil || !regexp.MustCompile(want).Match(text) {
			t.Errorf("%v; no columns %s in\n%s", err, want, text)
		}
		if !strings.HasPrefix(string(text), "# make compare LABEL=sample BY="+axis+"=") || !strings.Contains(string(text), " BENCH='Burst'\n") {
			t.Errorf("the title does not say how it was made:\n%s", text)
		}
	}
}

func TestTwoSnapshots(t *testing.T) {
	old := sample(t, "before.txt", same)
	new := sample(t, "after.txt", func(line string) string {
		return tenfold("p99-ns")(strings.Replace(line, "go: go1.26.8", "go: go1.27", 1))
	})
	var out strings.Builder
	if err := run(&out, env("OLD", old, "NEW", new, "BENCH", "Burst")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(snapshot.Sibling(new, "vs-before.txt"))
	if err != nil {
		t.Fatal(err)
	}
	// The directories of this test are no part of what is expected.
	tidy := strings.NewReplacer(filepath.Dir(old)+"/", "", filepath.Dir(new)+"/", "").Replace(string(text))
	golden.Check(t, "two.golden", tidy)
}

func TestGate(t *testing.T) {
	old := sample(t, "old.txt", same)
	slower := sample(t, "slower.txt", tenfold("p99-ns"))
	faster := sample(t, "faster.txt", tenfold("inserts/s"))
	for _, c := range []struct {
		name, old, new, gate string
		shut                 []string
	}{
		{"the same", old, old, "5", nil},
		{"slower", old, slower, "5", []string{"Burst/exec=process/journal=wal/writers=8-2 p99-ns +", "p=0.002 n=6", "4 of 18"}},
		{"slower within the gate", old, slower, "2000", nil},
		{"faster", old, faster, "5%", nil},
		{"fewer inserts", faster, old, "5", []string{"inserts/s -90", "4 of 18"}},
	} {
		var out strings.Builder
		err := run(&out, env("OLD", c.old, "NEW", c.new, "GATE", c.gate))
		if errors.Is(err, errGate) != (c.shut != nil) || c.shut == nil && err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.shut {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", c.name, err, want)
			}
		}
		if c.shut != nil && strings.Contains(err.Error(), "goroutine") {
			t.Errorf("%s: names a row that is the same: %v", c.name, err)
		}
		if c.shut == nil && !strings.Contains(out.String(), "gate: none of 18 figures") {
			t.Errorf("%s: says nothing of the gate", c.name)
		}
	}
}

func TestRefusals(t *testing.T) {
	good := sample(t, "good.txt", same)
	fewer := 0
	few := sample(t, "few.txt", func(line string) string {
		if strings.HasPrefix(line, "BenchmarkBurst/exec=process/journal=wal/writers=8") {
			if fewer++; fewer > 5 {
				return ""
			}
		}
		return line
	})
	other := sample(t, "other.txt", func(line string) string { return strings.ReplaceAll(line, "Benchmark", "BenchmarkOther") })
	empty := filepath.Join(t.TempDir(), "empty.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		env  []string
		want string
	}{
		{[]string{"LABEL", "nonesuch"}, "results/nonesuch.txt does not exist"},
		{[]string{"LABEL", empty}, "holds no benchmark results"},
		{[]string{"LABEL", good, "BENCH", "Limit"}, `no benchmark that matches "Limit"; it holds Burst, Ceiling`},
		{[]string{"LABEL", few}, "has 5 samples of Burst/exec=process/journal=wal/writers=8-2; comparing wants 6"},
		{[]string{"LABEL", good, "BY", "busy"}, "has 0 values of that axis"},
		{[]string{"LABEL", good, "BY", "exec=process"}, "has 1 values of that axis (process)"},
		{[]string{"LABEL", good, "BY", "exec=process,thread"}, "has no exec=thread; it has goroutine, process"},
		{[]string{"LABEL", good, "GATE", "5"}, "GATE wants two snapshots"},
		{[]string{"OLD", good}, "OLD and NEW go together"},
		{[]string{"OLD", good, "NEW", good, "BY", "exec"}, "give either"},
		{[]string{"OLD", good, "NEW", "nonesuch"}, "results/nonesuch.txt does not exist"},
		{[]string{"OLD", good, "NEW", few}, "has 5 samples"},
		{[]string{"OLD", good, "NEW", other}, "no benchmark in common"},
		{[]string{"OLD", good, "NEW", good, "GATE", "much"}, `bad GATE "much"`},
		{[]string{"OLD", good, "NEW", good, "GATE", "-1"}, `bad GATE "-1"`},
	} {
		var out strings.Builder
		err := run(&out, env(c.env...))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || errors.Is(err, errGate) {
			t.Errorf("%v: %v, want one line with %q", c.env, err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("%v: printed %s", c.env, &out)
		}
	}
}

// benchstat itself exits with 0 here.
func TestWhatBenchstatRemarksIsAFailure(t *testing.T) {
	if _, err := benchstat("/nonexistent.txt"); err == nil || !strings.Contains(err.Error(), "nonexistent") {
		t.Errorf("a missing file: %v", err)
	}
}
