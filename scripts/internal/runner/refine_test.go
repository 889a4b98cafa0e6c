package runner

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/scripts/internal/snapshot"
)

// Twenty rows get the time of ten or twenty runs of all rows. The median of each row's rates is 1.
// The intervals that are left contain it in at least 93 % of the cases, averaged over the rows, and
// the worst row is known better than if each row gets the same number of runs.
func TestCoverageUnderBudget(t *testing.T) {
	for name, draw := range map[string]func(random *rand.Rand, row int) float64{
		"lognormal, from precise to noisy": func(random *rand.Rand, row int) float64 {
			sigma := 0.03 * math.Pow(40, float64(row)/(simulatedRows-1)) // 0.03 to 1.2
			return math.Exp(sigma * random.NormFloat64())
		},
		"lognormal, all alike": func(random *rand.Rand, _ int) float64 {
			return math.Exp(0.3 * random.NormFloat64())
		},
		"with a second and a third mode": func(random *rand.Rand, row int) float64 {
			rate := math.Exp(0.1 * random.NormFloat64())
			far, u := 0.2*float64(row)/simulatedRows, random.Float64()
			switch {
			case u < far:
				return 3 * rate
			case u < 2*far:
				return rate / 3
			}
			return rate
		},
	} {
		for _, runs := range []int{10, 20} {
			t.Run(fmt.Sprintf("%s, %d runs", name, runs), func(t *testing.T) {
				random := rand.New(rand.NewPCG(1, 1))
				byRule := simulate(runs, worstOf, random, draw)
				if byRule.coverage < 0.93 {
					t.Errorf("%.1f %% of the intervals contain the median", 100*byRule.coverage)
				}
				equal := simulate(runs, allOf, random, draw)
				if byRule.worst > equal.worst {
					t.Errorf("the worst row is known to ±%.2f, and to ±%.2f with equal runs",
						byRule.worst, equal.worst)
				}
			})
		}
	}
}

// simulatedRows is the number of rows in a simulation.
const simulatedRows = 20

// simulation is what many repetitions have shown.
type simulation struct {
	coverage float64 // part of the intervals that contain the median
	worst    float64 // precision of the worst row, median over the repetitions
}

// simulate draws rates of rows whose median is 1. It chooses the rows by their precisions.
func simulate(
	runs int, choose func(precisions []float64) []int, random *rand.Rand,
	draw func(random *rand.Rand, row int) float64,
) (s simulation) {
	const repetitions = 300
	var worst []float64
	for range repetitions {
		samples := make([][]float64, simulatedRows)
		precisions := make([]float64, simulatedRows)
		for spent := 0; spent < runs*simulatedRows; {
			chosen := allOf(precisions)
			if spent >= snapshot.MinSamples*simulatedRows {
				chosen = choose(precisions)
			}
			for _, row := range chosen {
				samples[row] = append(samples[row], draw(random, row))
				precisions[row], _ = snapshot.PrecisionOf(samples[row])
				spent++
			}
		}
		for _, rates := range samples {
			if i := snapshot.Summary(rates); i.Lo <= 1 && 1 <= i.Hi {
				s.coverage += 1.0 / repetitions / simulatedRows
			}
		}
		worst = append(worst, slices.Max(precisions))
	}
	s.worst = snapshot.Summary(worst).Center
	return s
}

// allOf returns the places of all precisions.
func allOf(precisions []float64) (all []int) {
	for i := range precisions {
		all = append(all, i)
	}
	return all
}

// refinable writes a snapshot of six runs of four rows, and returns its path. The rate of the first
// varies most, the third has none.
func refinable(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for i := range snapshot.MinSamples {
		fmt.Fprintf(&text, "BenchmarkBurst/exec=process/writers=8-2 1 %d inserts/s\n", 100+50*i)
		fmt.Fprintf(&text, "BenchmarkBurst/exec=process/writers=80-2 1 %d inserts/s\n", 100+i)
		fmt.Fprintf(&text, "BenchmarkHarness-2 1 %d skew-ns\n", i)
		fmt.Fprintf(&text, "BenchmarkCeiling/disk=append-2 1 %d syncs/s\n", 100+2*i)
	}
	path := filepath.Join(t.TempDir(), "x.partial.txt")
	writeFile(t, path, text.String())
	return path
}

func TestRefining(t *testing.T) {
	const budget = time.Minute
	lasted := map[string]time.Duration{"BenchmarkBurst/exec=process/writers=8-2": 10 * time.Second}
	for _, c := range []struct {
		name    string
		steps   int
		elapsed time.Duration
		want    string // name of the step and its arguments, empty for no step
	}{
		{"at first", 0, 0, "run 1/6"},
		{"before six runs, though the time is over", 5, 2 * budget, "run 6/6"},
		{"after six runs", 6, 30 * time.Second,
			"run 7 -test.bench ^BenchmarkBurst$/^exec=process$/^writers=8$"},
		{"with just enough time", 20, budget - 11*time.Second,
			"run 21 -test.bench ^BenchmarkBurst$/^exec=process$/^writers=8$"},
		{"with too little time", 20, budget - 10*time.Second, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			step, ok := refining(budget)(State{
				Steps: c.steps, Elapsed: c.elapsed, Path: refinable(t), Lasted: lasted,
			})
			got := strings.Join(append([]string{step.Name}, step.Args...), " ")
			if ok != (c.want != "") || ok && got != c.want {
				t.Errorf("the step is %q, %v, want %q", got, ok, c.want)
			}
		})
	}
}

func TestTheWorstQuarterIsChosen(t *testing.T) {
	for _, c := range []struct{ precisions, want []float64 }{
		{[]float64{0.1}, []float64{0}},
		{[]float64{0.1, 0.3, 0.2}, []float64{1}},
		{[]float64{0.1, 0.3, 0.2, 0.4, 0.1, 0.1, 0.1, 0.2}, []float64{3, 1}},
		{nil, nil},
	} {
		t.Run(fmt.Sprint(c.precisions), func(t *testing.T) {
			if got := worstOf(c.precisions); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("chosen are %v, want %v", got, c.want)
			}
		})
	}
}

// BenchmarkNamed has sub-benchmarks with the names of rows.
func BenchmarkNamed(b *testing.B) {
	for _, name := range []string{
		"exec=process/writers=8", "exec=process/writers=80", "exec=process/writers=8/busy=2.5s",
		"exec=goroutine/writers=8", "exec=goroutine/writers=8/busy=235s",
	} {
		b.Run(name, func(b *testing.B) {})
	}
}

// The testing package itself selects benchmarks of this test binary.
func TestARowPatternSelectsItsRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.txt")
	want := []string{"exec=process/writers=8/busy=2.5s", "exec=goroutine/writers=8"}
	var text strings.Builder
	for _, name := range want {
		fmt.Fprintf(&text, "BenchmarkNamed/%s-2 1 1 inserts/s\n", name)
	}
	writeFile(t, path, text.String())
	snap, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	// The names of rows in one snapshot have the same axes, so as a rule none continues another.
	continued := "exec=goroutine/writers=8/busy=235s"
	for n, selected := range [][]string{1: want[:1], 2: append(want, continued)} {
		if n > 0 {
			requireNamed(t, benchmarks(t, rowPattern(snap.Rows()[:n])), selected)
		}
	}
}

// benchmarks runs benchmarks of this test binary and returns what they print.
func benchmarks(t *testing.T, pattern string) string {
	t.Helper()
	out, err := exec.Command(os.Args[0], "-test.run", "^$", "-test.benchtime", "1x",
		"-test.bench", pattern).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// requireNamed asks that the output of benchmarks has results of some names, in any order.
func requireNamed(t *testing.T, out string, want []string) {
	t.Helper()
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^BenchmarkNamed/(\S+?)(-\d+)?\s`).
		FindAllStringSubmatch(out, -1) {
		got = append(got, m[1])
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("selected are %q, want %q; printed:\n%s", got, want, out)
	}
}
