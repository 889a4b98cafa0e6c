package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/snapshot"
)

// sample is a row of a snapshot made by hand, with a value for each run.
type sample struct {
	axes     string // such as "journal=wal/writers=8"
	rates    []float64
	errors   int // in each run
	attempts int // in each run
}

// store writes samples as a snapshot with a label.
func store(t *testing.T, dir, label string, samples ...sample) {
	t.Helper()
	var text strings.Builder
	for _, s := range samples {
		for _, rate := range s.rates {
			fmt.Fprintf(&text, "BenchmarkSustained/exec=process/%s-2 1 %v inserts/s %d lockerrs "+
				"%d attempts 1 rounds %v p99-ns\n", s.axes, rate, s.errors, s.attempts, 1e6*rate)
		}
	}
	path := filepath.Join(dir, label+".txt")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// times returns six rates near a value.
func times(v float64) (rates []float64) {
	for _, factor := range []float64{0.97, 0.98, 0.99, 1.01, 1.02, 1.03} {
		rates = append(rates, v*factor)
	}
	return rates
}

// judgeCondition judges a condition on two samples.
func judgeCondition(t *testing.T, condition string, samples ...sample) finding {
	t.Helper()
	dir := t.TempDir()
	store(t, dir, "x", samples...)
	all, err := readClaims("claim: C1\ntest: x Sustained exec=process" + condition +
		"\n\nsnapshot: x\n")
	if err != nil {
		t.Fatal(err)
	}
	judged, err := all.judge(dir)
	if err != nil {
		t.Fatal(err)
	}
	return judged[0].Findings[0]
}

func TestRatio(t *testing.T) {
	wal := sample{axes: "journal=wal", rates: times(200), attempts: 100}
	same := sample{axes: "journal=delete", rates: slices.Clone(times(200)), attempts: 100}
	slices.Reverse(same.rates)
	half := sample{axes: "journal=delete", rates: times(100), attempts: 100}
	refuses := sample{axes: "journal=delete", rates: times(100), errors: 5, attempts: 100}
	few := sample{axes: "journal=delete", rates: times(100)[:5], attempts: 100}
	for name, c := range map[string]struct {
		bound  string
		base   sample
		want   verdict
		figure string
	}{
		"the whole interval is above":    {"above 1.5", half, confirmed, "2.0x [2.0, 2.0]"},
		"the whole interval is within":   {"from 1.5 to 2.5", half, confirmed, "2.0x"},
		"the whole interval is below":    {"above 2.5", half, refuted, "2.0x"},
		"below is asked for":             {"below 1.5", half, refuted, "2.0x"},
		"the interval contains the end":  {"above 1", same, undecided, "1.00x ["},
		"lock errors bias the ratio":     {"above 1", refuses, undecided, "(2.0x"},
		"there are fewer than 6 pairs":   {"above 1", few, undecided, "fewer than 6 runs"},
		"the interval is not within two": {"from 0.999 to 1.001", same, undecided, "1.00x ["},
	} {
		t.Run(name, func(t *testing.T) {
			f := judgeCondition(t, ": ratio inserts/s journal=wal / journal=delete "+c.bound,
				wal, c.base)
			if f.Verdict != c.want || !strings.Contains(f.Figure, c.figure) {
				t.Errorf("%s, %s; want %s, %s", f.Verdict, f.Figure, c.want, c.figure)
			}
		})
	}
}

func TestValue(t *testing.T) {
	row := sample{axes: "journal=wal", rates: times(200), attempts: 100} // p99 is 200 ms
	for name, c := range map[string]struct {
		condition string
		rates     []float64
		want      verdict
	}{
		"above":               {"inserts/s above 100", row.rates, confirmed},
		"not above":           {"inserts/s above 300", row.rates, refuted},
		"an end within":       {"inserts/s above 200", row.rates, undecided},
		"a time":              {"p99-ns below 300ms", row.rates, confirmed},
		"a time in a range":   {"p99-ns from 100ms to 150ms", row.rates, refuted},
		"fewer than 6 runs":   {"inserts/s above 100", row.rates[:5], undecided},
		"a unit not reported": {"jain above 0.5", row.rates, undecided},
	} {
		t.Run(name, func(t *testing.T) {
			row.rates = c.rates
			if f := judgeCondition(t, ": "+c.condition, row); f.Verdict != c.want {
				t.Errorf("%s, %s; want %s", f.Verdict, f.Figure, c.want)
			}
		})
	}
}

func TestLockErrors(t *testing.T) {
	for name, c := range map[string]struct {
		condition        string
		errors, attempts int // in each of 6 runs
		want             verdict
		figure           string
	}{
		"one in each run":      {"lock errors", 1, 1000, confirmed, "0.1 % [0.0367, 0.218]"},
		"none in many":         {"lock errors", 0, 1000, refuted, "none in 6,000 attempts"},
		"none in few":          {"lock errors", 0, 100, undecided, "at most 0.498 %"},
		"none is claimed":      {"no lock errors", 0, 1000, confirmed, "none in 6,000"},
		"none, but some":       {"no lock errors", 1, 1000, refuted, "6 of 6,000"},
		"none, of few":         {"no lock errors", 0, 100, undecided, "none in 600"},
		"a share above":        {"lock errors above 10 %", 200, 1000, confirmed, "20 %"},
		"a share not above":    {"lock errors above 10 %", 20, 1000, refuted, "2 %"},
		"a share at the bound": {"lock errors above 10 %", 100, 1000, undecided, "10 %"},
	} {
		t.Run(name, func(t *testing.T) {
			f := judgeCondition(t, ": "+c.condition, sample{
				axes: "journal=wal", rates: times(1), errors: c.errors, attempts: c.attempts,
			})
			if f.Verdict != c.want || !strings.Contains(f.Figure, c.figure) {
				t.Errorf("%s, %s; want %s, %s", f.Verdict, f.Figure, c.want, c.figure)
			}
		})
	}
}

// Of one avalanche in seven rounds the attempts alone would give an interval from 13 to 15 %.
func TestTheIntervalOfAShareCoversRoundsThatDiffer(t *testing.T) {
	l := lockErrors{errors: 1000, attempts: 7000, shares: []float64{0, 0, 0, 0, 0, 0, 1}}
	if center, low, high := l.percent(); low != 0 || high != 100 || int(center) != 14 {
		t.Errorf("%v [%v, %v]", center, low, high)
	}
	l.shares = slices.Repeat([]float64{1.0 / 7}, 7)
	if _, low, high := l.percent(); low < 13 || low > 14 || high < 15 || high > 16 {
		t.Errorf("[%v, %v], want that of Clopper and Pearson", low, high)
	}
}

func TestFewerLockErrors(t *testing.T) {
	for name, c := range map[string]struct {
		a, b int // lock errors in each of 6 runs
		want verdict
	}{
		"fewer": {1, 50, confirmed},
		"more":  {50, 1, refuted},
		"equal": {1, 1, undecided},
		"none":  {0, 0, undecided},
	} {
		t.Run(name, func(t *testing.T) {
			f := judgeCondition(t, ": fewer lock errors journal=wal / journal=delete",
				sample{axes: "journal=wal", rates: times(1), errors: c.a, attempts: 100},
				sample{axes: "journal=delete", rates: times(1), errors: c.b, attempts: 100})
			if f.Verdict != c.want {
				t.Errorf("%s, %s; want %s", f.Verdict, f.Figure, c.want)
			}
		})
	}
}

func TestCombine(t *testing.T) {
	for _, c := range []struct {
		parts []verdict
		want  verdict
	}{
		{[]verdict{confirmed, confirmed}, confirmed},
		{[]verdict{refuted, refuted}, refuted},
		{[]verdict{undecided, undecided}, undecided},
		{[]verdict{confirmed, refuted}, depends},
		{[]verdict{confirmed, refuted, undecided}, depends},
		{[]verdict{confirmed, undecided}, partConfirms},
		{[]verdict{undecided, refuted}, partRefutes},
	} {
		t.Run(fmt.Sprint(c.parts), func(t *testing.T) {
			var findings []finding
			for _, v := range c.parts {
				findings = append(findings, finding{Verdict: v})
			}
			if got := combine(findings); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAClaimDependsOnItsParts(t *testing.T) {
	dir := t.TempDir()
	store(t, dir, "x",
		sample{axes: "journal=delete/writers=1", rates: times(100), attempts: 100},
		sample{axes: "journal=wal/writers=1", rates: times(200), attempts: 100},
		sample{axes: "journal=delete/writers=8", rates: times(100), attempts: 100},
		sample{axes: "journal=wal/writers=8", rates: times(50), attempts: 100})
	all, err := readClaims("claim: C1\ntest: x Sustained writers=1,8: ratio inserts/s\n" +
		"  journal=wal / journal=delete above 1\n\nsnapshot: x\n")
	if err != nil {
		t.Fatal(err)
	}
	judged, err := all.judge(dir)
	if err != nil {
		t.Fatal(err)
	}
	const want = ": confirmed with writers=1, refuted with writers=8"
	if j := judged[0]; j.Verdict != depends || because(j) != want {
		t.Errorf("%s%s, want %s%s", j.Verdict, because(j), depends, want)
	}
}

func TestNameTests(t *testing.T) {
	parse := func(texts ...string) (tests []test) {
		for _, text := range texts {
			more, err := parseTest(text)
			if err != nil {
				t.Fatal(err)
			}
			tests = append(tests, more...)
		}
		return tests
	}
	for _, c := range []struct {
		name       string
		some, rest []test
		want       string
	}{
		{"a benchmark", parse("x Sustained writers=1,8: lock errors"),
			parse("x Burst writers=1: lock errors"), "Sustained"},
		{"a value that the others do not have", parse("x Burst journal=wal writers=1: lock errors"),
			parse("x Burst journal=wal,delete writers=8: lock errors"), "journal=wal writers=1"},
		{"nothing in common", parse("x Burst a=1: lock errors", "x Burst b=1: lock errors"),
			parse("x Burst c=1: lock errors"), "a=1; b=1"},
		{"no word of its own", parse("x Burst: lock errors"),
			parse("x Burst: fewer lock errors a=1 / a=2"), "Burst: lock errors"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := nameTests(c.some, c.rest); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAClaimWithoutItsSnapshotIsNotMeasured(t *testing.T) {
	all, err := readClaims("claim: C1\ntest: x Sustained: lock errors\n" +
		"test: y Sustained: lock errors\n\nsnapshot: x\n\nsnapshot: y\n")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store(t, dir, "x", sample{axes: "journal=wal", rates: times(1), errors: 1, attempts: 10})
	judged, err := all.judge(dir)
	if err != nil {
		t.Fatal(err)
	}
	if j := judged[0]; j.Verdict != unmeasured || !slices.Equal(j.Missing, []string{"y"}) ||
		len(j.Findings) > 0 {
		t.Errorf("%+v", j)
	}
}

func TestATestThatSelectsNoRowIsAnError(t *testing.T) {
	s := &snapshot.Snapshot{Path: "x.txt"}
	test := test{Benchmark: "Burst", Condition: condition{Kind: anyKind}}
	if _, err := test.judge(s); err == nil || !strings.Contains(err.Error(), "0 rows of Burst") {
		t.Errorf("the error is %v", err)
	}
}
