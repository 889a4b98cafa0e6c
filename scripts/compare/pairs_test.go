package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/bench/metrics"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// Each run of the new snapshot is 10 % slower than the old one beside it, while the machine becomes
// ten times as fast. Only pairs show it.
func TestRunsInTurnsAreComparedInPairs(t *testing.T) {
	lines := func(factor float64, mark string) string {
		var text strings.Builder
		text.WriteString("# make bench\n# begun 2026-11-25T00:00:00Z\n" + mark)
		for i := range 12 {
			fmt.Fprintf(&text, "# disk before: 1\nBenchmarkBurst/writers=8-2 1 %v inserts/s\n",
				1000*float64(i+1)*factor)
		}
		return text.String()
	}
	const mark = "# interleaved with x\n"
	for name, c := range map[string]struct {
		mark  string
		worse bool
	}{"in turns": {mark, true}, "not in turns": {"", false}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			older, newer := filepath.Join(dir, "x-old.txt"), filepath.Join(dir, "x-new.txt")
			for path, factor := range map[string]float64{older: 1, newer: 0.9} {
				if err := os.WriteFile(path, []byte(lines(factor, c.mark)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			err := run(&out, golden.Getenv("OLD", older, "NEW", newer, "GATE", "5"))
			if errors.Is(err, errGate) != c.worse || !c.worse && err != nil {
				t.Errorf("the gate: %v", err)
			}
			if got := strings.Contains(out.String(), "0.90x [0.90, 0.90]"); got != c.worse {
				t.Errorf("compares in pairs: %v\n%s", got, &out)
			}
			if got := strings.Contains(out.String(), "were not made in turns"); got == c.worse {
				t.Errorf("says that they were not made in turns: %v\n%s", got, &out)
			}
		})
	}
}

// With few pairs no p value of the signed-rank test is small enough for many figures.
func TestPairsAreJudgedByTheUTestIfTheyAreTooFew(t *testing.T) {
	for _, c := range []struct {
		pairs, rows int
		want        float64
	}{
		{7, 2, ranktest.MinPositive(7)},
		{7, 3, ranktest.MinGreater(7, 7)},
		{12, 68, ranktest.MinPositive(12)},
		{12, 69, ranktest.MinGreater(12, 12)},
	} {
		t.Run(fmt.Sprint(c.pairs, " pairs, ", c.rows, " rows"), func(t *testing.T) {
			snapshotOf := func(name string, rate int) *snapshot.Snapshot {
				text := "# begun now\n# interleaved with x\n"
				for range c.pairs {
					text += "# disk before: 1\n"
					rate++
					for row := range c.rows {
						text += fmt.Sprintf("BenchmarkX/rows=%d-2 1 %d inserts/s\n", row, rate)
					}
				}
				return written(t, name, text)
			}
			g := judge(t, snapshotOf("old.txt", 1000), snapshotOf("new.txt", 100))
			if f := g.figures[0]; f.minP != c.want || math.Abs(f.p-c.want) > 1e-12 {
				t.Errorf("p is %v of at least %v, want %v", f.p, f.minP, c.want)
			}
			if err := g.check(&strings.Builder{}); !errors.Is(err, errGate) {
				t.Errorf("%v, want a gate that shuts", err)
			}
		})
	}
}

// The gate shuts for one figure if its p value, which is one-sided, is small enough. Few different
// values make ties, also at the threshold.
func TestTheGateJudgesByTheIntervalThatItPrints(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, paired := range []bool{true, false} {
		for _, percent := range []float64{0, 5, 100} {
			t.Run(fmt.Sprint("paired=", paired, " GATE=", percent), func(t *testing.T) {
				for range 300 {
					n := 6 + random.IntN(6)
					older, newer := coarse(t, random, n, 5), coarse(t, random, n, 3+random.IntN(4))
					c := change{older, newer, older.Rows()[0], newer.Rows()[0], paired, 3}
					for _, unit := range gatedUnits {
						requireItsInterval(t, c, unit, percent)
					}
				}
			})
		}
	}
}

// coarse returns a snapshot of one row with few different values, from 1 on.
func coarse(t *testing.T, random *rand.Rand, runs, values int) *snapshot.Snapshot {
	t.Helper()
	var text strings.Builder
	for range runs {
		fmt.Fprintf(&text, "# disk before: 1\nBenchmarkX-2 1 %d inserts/s %d p99-ns\n",
			1+random.IntN(values), 1+random.IntN(values))
	}
	return written(t, "x.txt", text.String())
}

func requireItsInterval(t *testing.T, c change, unit string, percent float64) {
	t.Helper()
	f := c.figure(unit, percent)
	r, _, ok := c.ratio(unit, 1)
	if !ok || f.change != withInterval(r.Ratio) {
		t.Fatalf("%s: prints %s, not %+v", unit, f.change, r)
	}
	beyond := r.Low > 1+percent/100
	if unit == metrics.InsertsPerSecond {
		beyond = r.High < 1-percent/100
	}
	if beyond != (f.p <= 0.025) {
		t.Errorf("%s: p is %v, the ratio %+v", unit, f.p, r)
	}
	if f.p < f.minP-1e-12 {
		t.Errorf("%s: p is %v, the smallest possible %v", unit, f.p, f.minP)
	}
}
