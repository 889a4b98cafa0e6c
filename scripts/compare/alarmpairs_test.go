package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// begin begins the part of a snapshot that one run made.
const begin = "# disk before: "

// asPairs makes a pair of each two runs of a snapshot that follow each other, in a random order,
// and returns all first and all second runs, as two snapshots made in turns.
func asPairs(t *testing.T, text string, random *rand.Rand) (older, newer *snapshot.Snapshot) {
	t.Helper()
	header, runs, _ := strings.Cut(text, begin)
	parts := strings.Split(runs, "\n"+begin)
	sides := [2]string{}
	for i := 0; i+1 < len(parts); i += 2 {
		first := random.IntN(2)
		sides[first] += begin + parts[i] + "\n"
		sides[1-first] += begin + parts[i+1] + "\n"
	}
	for i := range sides {
		sides[i] = header + snapshot.InterleavedPrefix + "x\n" + sides[i]
	}
	return written(t, "old.txt", sides[0]), written(t, "new.txt", sides[1])
}

// Nothing has changed between the two runs of a pair, or the second is slower than the first. A
// gate of 0 % is the harder test.
func TestTheGateShutsSeldomForPairsOfRunsThatAreTheSame(t *testing.T) {
	const draws = 60
	for _, name := range []string{"lone", "service"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../../results", name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(1, 1))
			same, slow := 0, 0
			for range draws {
				older, newer := asPairs(t, string(text), random)
				g := &gate{percent: 0}
				if err := g.compare(older, newer); err != nil {
					t.Fatal(err)
				}
				if !g.paired || g.figures[0].minP != ranktest.MinPositive(10) {
					t.Fatalf("not judged by 10 pairs: %+v", g.figures[0])
				}
				if len(g.worse()) > 0 {
					same++
				}
				if len(judge(t, older, slowed(newer, 1.5)).worse()) > 0 {
					slow++
				}
			}
			if same > draws/20 {
				t.Errorf("shuts in %d of %d draws, though nothing has changed", same, draws)
			}
			if slow < draws*9/10 {
				t.Errorf("shuts in %d of %d draws in which the second runs are 1.5 times slower",
					slow, draws)
			}
		})
	}
}

// withAvalanches returns a snapshot of ten runs of five rounds, in each of which half of the
// writers are refused with some probability.
func withAvalanches(t *testing.T, random *rand.Rand, probability float64) *snapshot.Snapshot {
	t.Helper()
	var text strings.Builder
	for range 10 {
		lockErrors, byRound := 0, ""
		for range 5 {
			n := 0
			if random.Float64() < probability {
				n = 32
			}
			lockErrors += n
			byRound += fmt.Sprintf(" %d/64", n)
		}
		fmt.Fprintf(&text, "BenchmarkBurst/writers=64-2 1 5 rounds 320 attempts %d lockerrs\n",
			lockErrors)
		if lockErrors > 0 {
			fmt.Fprintf(&text, "# BenchmarkBurst/writers=64: lock errors by round:%s\n", byRound)
		}
	}
	return written(t, "x.txt", text.String())
}

// If each attempt counted by itself, an avalanche more would be 32 lock errors more: the gate would
// shut in many draws.
func TestTheGateShutsSeldomForAvalanchesThatAreAsFrequent(t *testing.T) {
	const draws = 200
	for _, c := range []struct {
		name            string
		from, to        float64
		atLeast, atMost int
	}{
		{"as frequent", 0.2, 0.2, 0, draws / 20},
		{"three times as frequent", 0.2, 0.6, draws * 9 / 10, draws},
	} {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			shut := 0
			for range draws {
				older := withAvalanches(t, random, c.from)
				newer := withAvalanches(t, random, c.to)
				g := judge(t, older, newer)
				if minP := g.figures[0].minP; minP != ranktest.MinGreater(50, 50) {
					t.Fatalf("not judged by 50 rounds each: %+v", g.figures[0])
				}
				shut += len(g.worse())
			}
			if shut < c.atLeast || shut > c.atMost {
				t.Errorf("shuts in %d of %d draws, want %d to %d", shut, draws, c.atLeast, c.atMost)
			}
		})
	}
}
