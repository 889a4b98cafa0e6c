package snapshot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const runHeader = "# disk before: 100 appends of a frame with fsync per second\n"

// resultLine returns a result line.
func resultLine(name string, value float64) string {
	return fmt.Sprintf("Benchmark%s-2 1 %v inserts/s\n", name, value)
}

func TestPairsAreOfTheSameRun(t *testing.T) {
	a := readText(t, runHeader+resultLine("X", 1)+resultLine("Y", 10)+
		runHeader+resultLine("Y", 20)+
		runHeader+resultLine("X", 3)+resultLine("Y", 30))
	rows := a.Rows()
	x, y := a.Pairs(rows[0], a, rows[1], "inserts/s")
	if !slices.Equal(x, []float64{1, 3}) || !slices.Equal(y, []float64{10, 30}) {
		t.Errorf("pairs are %v and %v, want those of runs 1 and 3", x, y)
	}
	if run, ok := a.RunOf(rows[1].Results[1]); !ok || run.Number != 2 {
		t.Errorf("the second result is of run %+v, %v", run, ok)
	}
}

func TestWithoutKnownRunsPairsAreOfTheSamePlace(t *testing.T) {
	s := readText(t, resultLine("X", 1)+resultLine("Y", 10)+resultLine("X", 2)+
		resultLine("Y", 20)+resultLine("X", 3))
	rows := s.Rows()
	x, y := s.Pairs(rows[0], s, rows[1], "inserts/s")
	if !slices.Equal(x, []float64{1, 2}) || !slices.Equal(y, []float64{10, 20}) {
		t.Errorf("pairs are %v and %v", x, y)
	}
}

func TestInterleaved(t *testing.T) {
	begun := func(when, comment string) *Snapshot {
		return readText(t, "# make bench\n# begun "+when+"\n"+comment+resultLine("X", 1))
	}
	const with = InterleavedPrefix + "y\n"
	for name, c := range map[string]struct {
		older, newer *Snapshot
		want         bool
	}{
		"both say so":              {begun("a", with), begun("a", with), true},
		"one says so":              {begun("a", with), begun("a", ""), false},
		"neither does":             {begun("a", ""), begun("a", ""), false},
		"begun at different times": {begun("a", with), begun("b", with), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Interleaved(c.older, c.newer); got != c.want {
				t.Errorf("is %v, want %v", got, c.want)
			}
		})
	}
}

func TestRoundErrors(t *testing.T) {
	result := func(values string) string { return "BenchmarkX/writers=8-2 1 " + values + "\n" }
	const comment = "# BenchmarkX/writers=8: lock errors by round: "
	for name, c := range map[string]struct{ text, want string }{
		"a run with and one without": {
			result("2 rounds 16 attempts 0 lockerrs") +
				result("2 rounds 16 attempts 3 lockerrs") + comment + "0/8 3/8\n",
			"[{0 8} {0 8} {0 8} {3 8}] true"},
		"a comment for each run": {
			result("1 rounds 8 attempts 1 lockerrs") + comment + "1/8\n" +
				result("1 rounds 8 attempts 2 lockerrs") + comment + "2/8\n",
			"[{1 8} {2 8}] true"},
		"a comment on another benchmark": {
			result("1 rounds 8 attempts 1 lockerrs") +
				strings.Replace(comment, "X", "Y", 1) + "1/8\n", "[] false"},
		"a comment that was cut": {
			result("3 rounds 24 attempts 3 lockerrs") + comment + "0/8 3/... (cut)\n",
			"[] false"},
		"an older snapshot": {result("16 attempts 0 lockerrs"), "[] false"},
	} {
		t.Run(name, func(t *testing.T) {
			s := readText(t, c.text)
			rounds, ok := s.RoundErrors(s.Rows()[0])
			if got := fmt.Sprint(rounds, ok); got != c.want {
				t.Errorf("are %s, want %s", got, c.want)
			}
		})
	}
	s := readText(t, result("16 attempts 3 lockerrs")+result("8 attempts 0 lockerrs"))
	if got := fmt.Sprint(s.Rows()[0].RunErrors()); got != "[{3 16} {0 8}]" {
		t.Errorf("by run they are %s", got)
	}
}
