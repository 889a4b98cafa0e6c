package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
