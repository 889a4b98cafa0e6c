package snapshot

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/bench/host"
)

// runText is what one run prints, with further comments at its end.
func runText(comments ...string) string {
	return "go: 1\n# disk before: 900 appends of a frame with fsync per second\n" +
		"BenchmarkX 1 2 ns/op\nBenchmarkY 1 2 ns/op\nPASS\n" +
		"# disk after: 900 appends of a frame with fsync per second\n" +
		strings.Join(append(comments, ""), "\n")
}

// runComments is what a run says of a machine.
func runComments(change func(*host.Machine)) string {
	m := host.Machine{Quota: math.Inf(1), DiskDrift: 1}
	change(&m)
	return runText(m.Comments()...)
}

func TestRunsHaveTheMarksOfTheirOwnComments(t *testing.T) {
	s := readText(t, runComments(func(m *host.Machine) { m.Others = 34 })+
		runComments(func(m *host.Machine) { m.Others = 3 })+
		runText()+
		runComments(func(m *host.Machine) { m.Stopped, m.Steal = 10*time.Second, 7 }))
	if len(s.Runs) != 4 {
		t.Fatalf("runs are %+v, want 4", s.Runs)
	}
	for i, want := range []struct {
		name, disturbed string
		others          float64
	}{
		{"disturbed", "others=34.0%", 34},
		{"quiet", "", 3},
		{"without comments", "", -1},
		{"disturbed by two things", "steal=7.0% stopped=10s", 0},
	} {
		t.Run(want.name, func(t *testing.T) {
			got := s.Runs[i]
			if got.Number != i+1 || got.Disturbed != want.disturbed ||
				got.Machine.Others != want.others {
				t.Errorf("run is %+v, want %+v", got, want)
			}
		})
	}
}

func TestResultsBelongToTheRunAboveWhoseEndTheyStand(t *testing.T) {
	s := readText(t, "BenchmarkX 1 2 ns/op\n"+runText()+runText()+runText())
	var numbers []int
	for _, r := range s.Results {
		run, ok := s.RunOf(r)
		if ok != (run.Number > 0) {
			t.Errorf("run is %+v, %v", run, ok)
		}
		numbers = append(numbers, run.Number)
	}
	if want := []int{0, 1, 1, 2, 2, 3, 3}; !slices.Equal(numbers, want) {
		t.Errorf("runs of the results are %v, want %v", numbers, want)
	}
}

func TestAFileWithoutHeadersHasNoRuns(t *testing.T) {
	s := readText(t, "# disturbed: steal=9.0%\n# machine: steal=9.0%\nBenchmarkX 1 2 ns/op\n")
	if run, ok := s.RunOf(s.Results[0]); ok || len(s.Runs) > 0 {
		t.Errorf("runs are %+v, that of the result is %+v", s.Runs, run)
	}
}

func TestRunsAfterSelect(t *testing.T) {
	s := readText(t, runText()+runComments(func(m *host.Machine) { m.Steal = 9 }))
	if err := s.Select("Y"); err != nil {
		t.Fatal(err)
	}
	if run, ok := s.RunOf(s.Results[1]); !ok || run.Disturbed != "steal=9.0%" {
		t.Errorf("run is %+v, %v", run, ok)
	}
}

func TestDisturbedWarning(t *testing.T) {
	quiet := runComments(func(*host.Machine) {})
	disturbed := func(steal int) string {
		return runComments(func(m *host.Machine) { m.Steal = float64(steal) })
	}
	for _, c := range []struct{ name, text, want string }{
		{"none", quiet + runText(), ""},
		{"one", quiet + disturbed(9),
			"has 1 disturbed of 2 runs (run 2: steal=9.0%); do not compare them"},
		{"as many as are listed", disturbed(7) + disturbed(8) + disturbed(9),
			"has 3 disturbed of 3 runs (run 1: steal=7.0%; run 2: steal=8.0%; run 3: steal=9.0%);"},
		{"more", disturbed(6) + disturbed(7) + quiet + disturbed(8) + disturbed(9),
			"has 4 disturbed of 5 runs (run 1: steal=6.0%; run 2: steal=7.0%; run 4: steal=8.0%; " +
				"and 1 more);"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := readText(t, c.text)
			got := s.DisturbedWarning()
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("warning is %q, want %q", got, c.want)
			}
			if got != "" && !strings.HasPrefix(got, s.Path+" ") {
				t.Errorf("warning is %q, want the path at its beginning", got)
			}
			if c.want != "" && !slices.Contains(Warnings(s, readText(t, quiet)), got) ||
				c.want != "" && !slices.Contains(Warnings(readText(t, quiet), s), got) {
				t.Error("two snapshots get no warning if one of them gets it")
			}
		})
	}
}

func TestASnapshotOfAFasterOrSlowerDiskGetsAWarning(t *testing.T) {
	runs := func(rates ...int) *Snapshot {
		var text string
		for _, rate := range rates {
			text += strings.Replace(runText(), "before: 900", fmt.Sprint("before: ", rate), 1)
		}
		return readText(t, text)
	}
	steady := runs(1000, 1000, 1000, 1000, 1000, 1000)
	for _, c := range []struct {
		name  string
		newer *Snapshot
		want  string // the median rate in the warning; none if empty
	}{
		{"as fast", runs(1500, 1500, 1500, 1500, 1500, 1500), ""},
		{"one run is faster", runs(1000, 1000, 1000, 1000, 1000, 90000), ""},
		{"few runs", runs(9000, 9000, 9000, 9000, 9000), ""},
		{"unknown", readText(t, "go: 1\nBenchmarkX 1 2 ns/op\n"), ""},
		{"faster", runs(1501, 1600, 1600, 1600, 1600, 1600), "1,600"},
		{"slower", runs(600, 600, 600, 600, 600, 600), "600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			if c.want != "" {
				want = []string{fmt.Sprintf("the disk did 1,000 syncs per second before the runs "+
					"of %s, and %s before those of %s (medians)",
					steady.Path, c.want, c.newer.Path)}
			}
			if got := Warnings(steady, c.newer); !slices.Equal(got, want) {
				t.Errorf("warnings are %q, want %q", got, want)
			}
		})
	}
}

func TestAQuotaIsPartOfTheEnvironment(t *testing.T) {
	older := readText(t, "cores: 2\nBenchmarkX 1 2 ns/op\n")
	newer := readText(t, "cores: 2\nquota: 0.1 cores\nBenchmarkX 1 2 ns/op\n")
	want := `the snapshots differ in quota: "", then "0.1 cores"`
	if got := Warnings(older, newer); !slices.Equal(got, []string{want}) {
		t.Errorf("warnings are %q, want %q", got, want)
	}
}

// The snapshots of this repository were made by several versions of the benchmarks.
func TestRunsOfTheSample(t *testing.T) {
	s := readSample(t)
	var counts []string
	for _, r := range s.Rows()[0].Results {
		run, _ := s.RunOf(r)
		counts = append(counts, fmt.Sprint(run.Number))
	}
	if got := strings.Join(counts, " "); got != "1 2 3 4 5 6" || len(s.Runs) != 6 {
		t.Errorf("results of the first row are of the runs %s of %d", got, len(s.Runs))
	}
}
