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
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// requireWholeAnatomy asks that every lock error of a round is in exactly one kind.
func requireWholeAnatomy(t *testing.T, s scenario.Scenario, r outcome.Round) {
	t.Helper()
	a := anatomy.New(s)
	a.Add(r)
	report := a.Reports(t.Name())[0]
	requireSum(t, report)
	if want := lockErrors(r); report.LockErrors != want {
		t.Errorf("the anatomy has %d lock errors, the round %d", report.LockErrors, want)
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
		b := kind.Blame
		if b.Held+b.Own+b.Unknown+b.Idle != b.Waited || min(b.Held, b.Own, b.Unknown, b.Idle) < 0 {
			t.Errorf("%s: the blame of entry %d does not add up: %#v", r.Benchmark, i, b)
		}
	}
	if sum != r.LockErrors {
		t.Errorf("%s: the counts add up to %d, not to %d", r.Benchmark, sum, r.LockErrors)
	}
}

// results are what a run of the benchmarks printed and wrote.
type results struct {
	text    string
	lines   []*benchfmt.Result
	reports []anatomy.Report
}

// runBenchmark runs benchmarks with -anatomy, as a user would.
func runBenchmark(t *testing.T, name string, args ...string) (r results) {
	t.Helper()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "anatomy.json")
	args = append([]string{"-test.bench", name, "-anatomy", file}, args...)
	r.text = output(t, command(dir, args...))
	requireEmpty(t, dir)
	for reader := benchfmt.NewReader(strings.NewReader(r.text), "out"); reader.Scan(); {
		if line, ok := reader.Result().(*benchfmt.Result); ok {
			r.lines = append(r.lines, line.Clone())
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var report anatomy.Report
		if err := decoder.Decode(&report); err != nil {
			t.Fatal(err)
		}
		r.reports = append(r.reports, report)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("beside the report there is %v", entries)
	}
	return r
}

// requireAgreement asks that result lines and anatomies belong together, one for one, and count the
// same.
func (r results) requireAgreement(t *testing.T) {
	t.Helper()
	if len(r.lines) != len(r.reports) || len(r.lines) == 0 {
		t.Fatalf("%d results, %d reports in\n%s", len(r.lines), len(r.reports), r.text)
	}
	for i, line := range r.lines {
		report := r.reports[i]
		requireSum(t, report)
		locked, _ := line.Value(metrics.LockErrors)
		attempts, _ := line.Value(metrics.Attempts)
		if float64(report.LockErrors) != locked || float64(report.Attempts) != attempts {
			t.Errorf("%s has %v lock errors of %v attempts, its anatomy %d of %d",
				line.Name, locked, attempts, report.LockErrors, report.Attempts)
		}
		if name := "Benchmark" + line.Name.String(); !strings.HasPrefix(name, report.Benchmark) {
			t.Errorf("result %d is of %s, report of %s", i, name, report.Benchmark)
		}
	}
}

// repeat calls try with more and more rounds until it returns true. It is for events that are
// certain to happen sooner or later.
func repeat(t *testing.T, what string, try func(benchtime string) bool) {
	t.Helper()
	for rounds := 4; rounds < 10_000; rounds *= 4 {
		if try(fmt.Sprintf("%dx", rounds)) {
			return
		}
	}
	t.Errorf("%s did not happen", what)
}

func TestAnatomyAddsUp(t *testing.T) {
	t.Parallel() // it takes long
	for _, axes := range []string{
		"exec=goroutine,process journal=delete writers=4 busy=none,1ms,retry:2ms,queue:2ms",
		"exec=process journal=wal writers=4 busy=20ms txn=deferred,immediate,exclusive,upgrade",
		"exec=goroutine,process journal=wal writers=4 busy=none conn=fresh,held,pool batch=3",
	} {
		t.Run(axes, func(t *testing.T) {
			skipIfShort(t)
			repeat(t, "a lock error", func(benchtime string) bool {
				r := runBenchmark(t, "Burst|Sustained", "-test.benchtime", benchtime,
					"-test.count", "2", "-round", "20ms", "-axes", axes)
				r.requireAgreement(t)
				reported := 0
				for _, report := range r.reports {
					reported += report.LockErrors
				}
				if printed := printedLockErrors(r.text); printed != reported {
					t.Errorf("the comments count %d lock errors, the reports %d", printed, reported)
				}
				return reported > 0 || t.Failed()
			})
		})
	}
}

// printedLockErrors adds up the counts in the comments on lock errors.
func printedLockErrors(text string) (sum int) {
	for _, line := range strings.Split(text, "\n") {
		var n int
		if _, err := fmt.Sscanf(line, "#   %d x ", &n); err == nil {
			sum += n
		}
	}
	return sum
}

// With one connection for all goroutines of a process there are no collisions in the process. It
// does nothing between processes.
func TestAPoolHelpsOnlyWithinAProcess(t *testing.T) {
	repeat(t, "a collision between processes", func(benchtime string) bool {
		r := runBenchmark(t, "Burst", "-test.benchtime", benchtime,
			"-axes", "exec=goroutine,process journal=delete writers=8 busy=none conn=pool")
		r.requireAgreement(t)
		if within := r.reports[0].LockErrors; within != 0 {
			t.Errorf("%d lock errors within a process", within)
		}
		return r.reports[1].LockErrors > 0 || t.Failed()
	})
}

// This is the question of most users: a timeout of 5 s, and locked within a millisecond.
func TestUpgradeFailsAtOnceAndImmediateDoesNot(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	for _, exec := range []string{"goroutine", "process"} {
		t.Run(exec, func(t *testing.T) {
			repeat(t, "a stale snapshot", func(benchtime string) bool {
				r := runBenchmark(t, "Sustained", "-test.benchtime", benchtime, "-round", "50ms",
					"-axes", "exec="+exec+" journal=wal writers=16 busy=500ms "+
						"txn=upgrade,immediate")
				r.requireAgreement(t)
				for _, kind := range r.reports[1].Kinds {
					if kind.Code == outcome.BusySnapshot {
						t.Errorf("immediate: %+v", kind)
					}
				}
				return staleSnapshots(r.reports[0]) > 0 || t.Failed()
			})
		})
	}
}

// staleSnapshots counts lock errors that were not waited for and whose advice is BEGIN IMMEDIATE.
func staleSnapshots(r anatomy.Report) (n int) {
	for _, kind := range r.Kinds {
		if kind.Code == outcome.BusySnapshot && kind.Waited == anatomy.NoWait &&
			strings.Contains(kind.Advice, "BEGIN IMMEDIATE") {
			n += kind.Count
		}
	}
	return n
}
