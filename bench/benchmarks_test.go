package bench

import (
	"slices"
	"strings"
	"testing"

	"busybench/bench/limit"
	"busybench/bench/scenario"
)

func TestBenchmarkNamesAreThoseOfTheBinary(t *testing.T) {
	out := output(t, command(t.TempDir(), "-test.list", "^Benchmark"))
	got := strings.Fields(strings.ReplaceAll(out, "Benchmark", ""))
	want := slices.Clone(benchmarkNames)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the binary has %q, the list %q", got, want)
	}
}

func TestCheckSelection(t *testing.T) {
	for _, c := range []struct {
		name, bench string
		given       string // a flag, or none
		want        string // part of the error; empty if there is none
	}{
		{"everything", ".", "", ""},
		{"one benchmark", "Burst", "", ""},
		{"one benchmark by its whole name", "^BenchmarkBurst$", "", ""},
		{"a part of its matrix", "Burst/exec=process", "", ""},
		{"none, on purpose", "^$", "", ""},
		{"none, by case", "sustained", "", "did you mean Sustained?"},
		{"none, by a typing error", "Sustaned", "", "did you mean Sustained?"},
		{"none, by its whole name", "^BenchmarkBrust$", "", "did you mean Burst?"},
		{"none, with a part of the matrix", "burst/exec=process", "", "did you mean Burst?"},
		{"none that is near", "Nonsense", "", `"Nonsense"; there are Burst, Sustained, Ceiling`},
		{"only Limit without its flag", "Limit", "", "Limit runs only with -limit"},
		{"only Faults without its flag", "Faults", "", "Faults runs only with -faults"},
		{"only PowerLoss without its flag", "PowerLoss", "", "PowerLoss runs only with -powerloss"},
		{"both without their flags", "Faults|Limit", "", "runs only with"},
		{"Limit with the other flag", "Limit", "faults", "Limit runs only with -limit"},
		{"Limit with its flag", "Limit", "limit", ""},
		{"one of both with its flag", "Faults|Limit", "faults", ""},
		{"another one beside it", "Burst|Limit", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkSelection(c.bench, map[string]bool{c.given: true})
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
}

func TestAnAxisNeedsABenchmarkThatHasIt(t *testing.T) {
	for _, c := range []struct {
		bench, axes string
		want        string // part of the error; empty if there is none
	}{
		{"Burst", "rate=50", `axis "rate" has an effect in Sustained only, which "Burst" does not`},
		{"Burst|Limit", "think=1ms",
			`axis "think" has an effect in Sustained, Faults and PowerLoss only`},
		{"Burst|Sustained", "rate=50", ""},
		{".", "think=0,1ms", ""},
		{"Faults", "think=1ms", ""},
		{"Faults", "rate=50", "Sustained only"},
		{"Burst", "hold=1ms txn=immediate", ""},
		{"^$", "rate=50", ""},
		{"Ceiling|Threads", "readers=4", "in Burst, Sustained, Limit, Faults and PowerLoss only"},
		{"Ceiling|Faults", "readers=4 read=scan", ""},
		{"Burst", "rate=closed think=0", ""},
		{"Burst", "rate=closed,50", "Sustained only"},
	} {
		t.Run(c.bench+" "+c.axes, func(t *testing.T) {
			axes, err := scenario.Parse(c.axes)
			if err != nil {
				t.Fatal(err)
			}
			err = checkTakers(c.bench, axes)
			if c.want == "" && err != nil || c.want != "" && (err == nil ||
				!strings.Contains(err.Error(), c.want)) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestABenchmarkHasOnlyItsAxes(t *testing.T) {
	axes, err := scenario.Parse("writers=2 think=1ms rate=50 readers=4 read=scan " +
		"checkpoint=off intruder=vacuum")
	if err != nil {
		t.Fatal(err)
	}
	for benchmark, want := range map[string]string{
		"Burst": "writers=2 readers=4 read=scan checkpoint=off intruder=vacuum",
		"Sustained": "writers=2 think=1ms rate=50 readers=4 read=scan checkpoint=off " +
			"intruder=vacuum",
		"Faults":    "writers=2 think=1ms readers=4 read=scan checkpoint=off",
		"PowerLoss": "writers=2 think=1ms readers=4 read=scan checkpoint=off",
		"Limit":     "writers=2 readers=4 read=scan checkpoint=off intruder=vacuum",
		"Ceiling":   "writers=2",
		"Harness":   "writers=2",
		"Threads":   "writers=2",
	} {
		t.Run(benchmark, func(t *testing.T) {
			if got := (Options{Axes: axes}).axesOf(benchmark).String(); got != want {
				t.Errorf("axes are %q, want %q", got, want)
			}
		})
	}
}

func TestRatesOfASearch(t *testing.T) {
	for _, c := range []struct {
		bench string
		over  limit.Over
		axes  string
		want  string // part of the error; empty if there is none
	}{
		{"Limit", limit.Rate, "writers=4,8", ""},
		{"Limit", limit.Rate, "rate=50", "leave out rate, which -limit.over=rate searches for"},
		{"Limit", limit.Rate, "rate=closed", "leave out rate"},
		{"Limit|Sustained", limit.Rate, "rate=50", "leave out rate"},
		{"Sustained", limit.Rate, "rate=50", ""},
		{"Limit", limit.Writers, "rate=50", "rate must be closed in a search for writers; "},
		{"Limit", limit.Writers, "rate=closed,50", "rate must be closed"},
		{"Limit", limit.Writers, "rate=closed", ""},
		{"Limit|Sustained", limit.Writers, "rate=50", ""},
		{"Burst", limit.Writers, "rate=50", ""}, // an error elsewhere
	} {
		t.Run(c.over.String()+" "+c.bench+" "+c.axes, func(t *testing.T) {
			axes, err := scenario.Parse(c.axes)
			if err != nil {
				t.Fatal(err)
			}
			err = LimitOptions{Over: c.over}.checkRate(c.bench, axes)
			if c.want == "" && err != nil || c.want != "" && (err == nil ||
				!strings.Contains(err.Error(), c.want)) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}
