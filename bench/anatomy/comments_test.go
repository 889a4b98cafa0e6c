package anatomy

import (
	"strings"
	"testing"

	"busybench/bench/outcome"
)

func TestCommentsAreReadBack(t *testing.T) {
	want := newAnatomy(t).Reports("BenchmarkBurst/x")[0]
	var text strings.Builder
	if err := want.WriteComments(&text); err != nil {
		t.Fatal(err)
	}
	var c Comments
	for line := range strings.Lines("sqlite: 3\n# seed 1\n" + text.String() + "# memory after\n") {
		c.Add(strings.TrimSuffix(line, "\n"))
	}
	if len(c.Reports) != 1 {
		t.Fatalf("read %+v", c.Reports)
	}
	got := c.Reports[0]
	if got.Benchmark != want.Benchmark || got.Attempts != want.Attempts ||
		got.LockErrors != want.LockErrors || len(got.Kinds) != len(want.Kinds) {
		t.Fatalf("read %+v, want %+v", got, want)
	}
	for i, e := range want.Kinds {
		e.Code = 0 // only its name is written
		if got.Kinds[i] != e {
			t.Errorf("kind %d is %+v, want %+v", i, got.Kinds[i], e)
		}
	}
}

func TestOtherLinesAreNoComments(t *testing.T) {
	var c Comments
	for _, line := range []string{
		"#   3 x SQLITE_BUSY in insert, waited 0 (median 4µs, max 4µs): Alone.", // no benchmark
		"# BenchmarkX: 3 of 4 attempts ended in a lock error",
		"# disk after: 3000 appends",
		"#   3 x SQLITE_BUSY in insert, waited 0 (median 4µs, max 4µs): Too late.",
		"# BenchmarkX: many of 4 attempts ended in a lock error",
	} {
		c.Add(line)
	}
	if len(c.Reports) != 1 || len(c.Reports[0].Kinds) != 0 {
		t.Errorf("read %+v", c.Reports)
	}
}

func TestReportsOfSeveralRunsAddUp(t *testing.T) {
	entry := func(count int, name string, median int64) Entry {
		return Entry{Count: count, Name: name, Phase: outcome.Insert, Median: median}
	}
	sum := Combine([]Report{
		{Benchmark: "x", Attempts: 10, LockErrors: 5, Kinds: []Entry{
			entry(3, "SQLITE_BUSY", 30), entry(2, "SQLITE_BUSY_SNAPSHOT", 20)}},
		{Benchmark: "x", Attempts: 10, LockErrors: 4, Kinds: []Entry{
			entry(4, "SQLITE_BUSY_SNAPSHOT", 40)}},
	})
	if sum.Benchmark != "x" || sum.Attempts != 20 || sum.LockErrors != 9 || len(sum.Kinds) != 2 {
		t.Fatalf("the sum is %+v", sum)
	}
	if first := sum.Kinds[0]; first != entry(6, "SQLITE_BUSY_SNAPSHOT", 40) {
		t.Errorf("the most frequent kind is %+v", first)
	}
	if second := sum.Kinds[1]; second != entry(3, "SQLITE_BUSY", 30) {
		t.Errorf("the other kind is %+v", second)
	}
}

// Without the instants of the lock there is nothing to say about who held it.
func TestNoHolderIsNamedIfTheDriverDoesNotReportHolds(t *testing.T) {
	round := newBlamedRound()
	for _, w := range round.Writers {
		for i := range w.Outcomes {
			o := &w.Outcomes[i]
			o.LockAcquired, o.CommitStart, o.LockReleased = 0, 0, 0
		}
	}
	a, merged := New(newScenario(t, "busy=5s")), New(newScenario(t, "busy=5s"))
	a.Add(round)
	merged.Merge(a)
	var out strings.Builder
	if err := merged.Reports("BenchmarkBurst/x")[0].WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "2 x SQLITE_BUSY in begin") ||
		strings.Contains(text, "meanwhile") {
		t.Errorf("comments are\n%s", text)
	}
}
