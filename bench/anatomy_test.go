package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/anatomy"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// requireWholeAnatomy asks that each lock error of a round is of one kind, and no more are.
func requireWholeAnatomy(t *testing.T, s scenario.Scenario, round outcome.Round) {
	t.Helper()
	a := anatomy.New(s)
	a.Add(round)
	r := a.Report(t.Name())
	requireSum(t, r)
	if want := lockErrors(round); r.LockErrors != want {
		t.Errorf("the anatomy is of %d lock errors, there were %d", r.LockErrors, want)
	}
}

func requireSum(t *testing.T, r anatomy.Report) {
	t.Helper()
	sum := 0
	for i, kind := range r.Kinds {
		sum += kind.Count
		if kind.Count == 0 || kind.Advice == "" || i > 0 && kind.Count > r.Kinds[i-1].Count {
			t.Errorf("%s: entry %d is %+v", r.Benchmark, i, kind)
		}
	}
	if sum != r.LockErrors {
		t.Errorf("%s: the counts add up to %d, not to %d", r.Benchmark, sum, r.LockErrors)
	}
}

// output is what a run of the benchmarks printed and wrote.
type output struct {
	text    string
	results []*benchfmt.Result
	reports []anatomy.Report
}

// benchmark runs benchmarks with -anatomy, as a user would.
func benchmark(t *testing.T, name string, args ...string) (o output) {
	t.Helper()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "anatomy.json")
	cmd := command(dir, append([]string{"-test.bench", name, "-anatomy", file}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
	}
	requireEmpty(t, dir)
	o.text = string(out)
	for reader := benchfmt.NewReader(bytes.NewReader(out), "out"); reader.Scan(); {
		if r, ok := reader.Result().(*benchfmt.Result); ok {
			o.results = append(o.results, r.Clone())
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var r anatomy.Report
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		o.reports = append(o.reports, r)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("beside the report there is %v", entries)
	}
	return o
}

// Result lines and anatomies belong together, one for one, and count the same.
func (o output) requireAgreement(t *testing.T) {
	t.Helper()
	if len(o.results) != len(o.reports) || len(o.results) == 0 {
		t.Fatalf("%d results, %d reports in\n%s", len(o.results), len(o.reports), o.text)
	}
	for i, r := range o.results {
		report := o.reports[i]
		requireSum(t, report)
		lockerrs, _ := r.Value("lockerrs")
		attempts, _ := r.Value("attempts")
		if float64(report.LockErrors) != lockerrs || float64(report.Attempts) != attempts {
			t.Errorf("%s has %v lock errors of %v attempts, its anatomy %d of %d", r.Name, lockerrs, attempts, report.LockErrors, report.Attempts)
		}
		if name := "Benchmark" + r.Name.String(); !strings.HasPrefix(name, report.Benchmark) {
			t.Errorf("result %d is of %s, report of %s", i, name, report.Benchmark)
		}
	}
}

func TestAnatomyAddsUp(t *testing.T) {
	for _, axes := range []string{
		"exec=goroutine,process writers=4 busy=none,1ms,retry:2ms,queue:2ms",
		"exec=process writers=4 busy=20ms txn=deferred,immediate,exclusive,upgrade",
		"exec=goroutine,process writers=4 busy=none conn=fresh,held,pool batch=3",
	} {
		o := benchmark(t, "Burst|Sustained", "-test.benchtime", "2x", "-test.count", "2", "-round", "20ms", "-axes", axes)
		o.requireAgreement(t)
		printed := 0
		for _, line := range strings.Split(o.text, "\n") {
			var n int
			if _, err := fmt.Sscanf(line, "#   %d x ", &n); err == nil {
				printed += n
			}
		}
		sum := 0
		for _, r := range o.reports {
			sum += r.LockErrors
		}
		if printed != sum || sum == 0 {
			t.Errorf("%s: the remarks count %d lock errors, the reports %d", axes, printed, sum)
		}
	}
}

// One connection for all goroutines of a process leaves nobody to collide with, and does nothing
// between processes.
func TestAPoolHelpsWithinAProcessOnly(t *testing.T) {
	o := benchmark(t, "Burst", "-test.benchtime", "20x", "-axes", "exec=goroutine,process journal=delete writers=8 busy=none conn=pool")
	o.requireAgreement(t)
	within, between := o.reports[0].LockErrors, o.reports[1].LockErrors
	if within != 0 || between == 0 {
		t.Errorf("%d lock errors within a process, %d between processes", within, between)
	}
}

// The question that brings most people here: a timeout of 5 s, and locked within a millisecond.
func TestUpgradeIsRefusedAtOnceAndImmediateIsNot(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		o := benchmark(t, "Sustained", "-test.benchtime", "1x", "-round", "200ms", "-axes",
			"exec="+exec+" journal=wal writers=16 busy=5s txn=upgrade,immediate")
		o.requireAgreement(t)
		snapshots := 0
		for _, kind := range o.reports[0].Kinds {
			if kind.Code == outcome.BusySnapshot && kind.Waited == anatomy.Nothing && strings.Contains(kind.Advice, "BEGIN IMMEDIATE") {
				snapshots += kind.Count
			}
		}
		if snapshots == 0 {
			t.Errorf("%s, upgrade: no BUSY_SNAPSHOT that waited 0 and advises IMMEDIATE in %+v", exec, o.reports[0])
		}
		for _, kind := range o.reports[1].Kinds {
			if kind.Code == outcome.BusySnapshot {
				t.Errorf("%s, immediate: %+v", exec, kind)
			}
		}
	}
}

func TestAReportIsWrittenWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anatomy.json")
	if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	interrupted, err := createReportFile(path)
	if err != nil {
		t.Fatal(err)
	}
	interrupted.write(anatomy.Report{Benchmark: "x"}.WriteJSON)
	interrupted.remove()
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("after an interrupted run the file holds %q, %v", text, err)
	}
	whole, err := createReportFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole.write(anatomy.Report{Benchmark: "y", Kinds: []anatomy.Entry{}}.WriteJSON)
	if err := whole.finish(); err != nil {
		t.Fatal(err)
	}
	whole.remove()
	want := `{"benchmark":"y","attempts":0,"lockerrs":0,"kinds":[]}` + "\n"
	if text, err := os.ReadFile(path); err != nil || string(text) != want {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
