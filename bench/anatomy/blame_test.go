package anatomy

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

const ms = 1_000_000

// heldFor returns an acknowledged attempt that waited and then held the lock, for all of which it
// committed.
func heldFor(wait, from, to int64) outcome.Outcome {
	return outcome.Outcome{Start: from, End: to, Trace: outcome.Trace{
		WaitStart: wait, LockAcquired: from, CommitStart: from, LockReleased: to,
	}}
}

// newBlamedRound returns a round in which two attempts time out after 5 s and a third one gets the
// lock after 2 s.
func newBlamedRound() outcome.Round {
	busy := func(from, to int64) outcome.Outcome {
		return outcome.Outcome{Start: from, End: to, Code: outcome.Busy, Trace: outcome.Trace{
			Phase: outcome.Begin, WaitStart: from, LockWait: to - from,
		}}
	}
	return outcome.Round{Writers: []outcome.Series{
		{Outcomes: []outcome.Outcome{busy(1*ms, 5001*ms)}},
		{Outcomes: []outcome.Outcome{busy(501*ms, 5501*ms)}},
		{Outcomes: []outcome.Outcome{heldFor(0, 1*ms, 101*ms), heldFor(0, 4801*ms, 5301*ms)}},
		{Outcomes: []outcome.Outcome{heldFor(0, 301*ms, 601*ms)}},
		{Outcomes: []outcome.Outcome{heldFor(601*ms, 2601*ms, 2702*ms)}},
	}}
}

// Blamed comments: all of the first wait, and 4.5 s of the second, see newBlamedRound.
var blamedLines = []string{
	"# BenchmarkBurst/x: 2 of 6 attempts ended in a lock error",
	"#   2 x SQLITE_BUSY in begin, waited the whole timeout (median 5s, max 5s): ",
	"#     meanwhile: 3 holders, longest 500ms: writer 2, commit; lock held 14 %, idle 86 % of 10s",
	"# BenchmarkBurst/x: 1 of 6 attempts acknowledged after over 1s of waiting (median 2s, max 2s)",
	"#     meanwhile: 0 holders; lock idle 100 % of 2s",
}

func newBlamedReport(t *testing.T) Report {
	a := New(newScenario(t, "journal=wal txn=immediate busy=5s"))
	a.Add(newBlamedRound())
	return a.Reports("BenchmarkBurst/x")[0]
}

func TestBlameOfEachKindAddsUp(t *testing.T) {
	r := newBlamedReport(t)
	longest := Holder{outcome.Writer, 2, "commit", 500 * ms}
	want := Blame{
		Waited: 10_000 * ms,
		// of the first wait: 100, 300, 101 and 200 ms; of the second one: 100, 101 and 500
		Held: 1402 * ms, Idle: 8598 * ms, Holders: 3, MaxHolders: 3, Longest: longest,
	}
	if len(r.Kinds) != 1 {
		t.Fatalf("the kinds are %+v", r.Kinds)
	}
	if diff := cmp.Diff(want, r.Kinds[0].Blame); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
	idle := Blame{Waited: 2000 * ms, Idle: 2000 * ms}
	if diff := cmp.Diff(LongWaits{1, 2000 * ms, 2000 * ms, idle}, r.LongWaits); diff != "" {
		t.Errorf("long waits (-want +got):\n%s", diff)
	}
}

// Two rounds of which each knows its own holders only: the times add up, and a number means another
// writer in another round.
func TestBlameOfSeveralRounds(t *testing.T) {
	one, other := New(newScenario(t, "busy=5s")), New(newScenario(t, "busy=5s"))
	one.Add(newBlamedRound())
	other.Add(newBlamedRound())
	single := one.Reports("x")[0]
	one.Merge(other)
	r := one.Reports("x")[0]
	b, s := r.Kinds[0].Blame, single.Kinds[0].Blame
	if b.Held != 2*s.Held || b.Idle != 2*s.Idle || b.Waited != b.Held+b.Idle ||
		b.Holders != s.Holders || b.Longest != s.Longest || r.LongWaits.Count != 2 {
		t.Errorf("blame is %+v, of one round %+v", r, single)
	}
}

func TestCommentsNameTheHolders(t *testing.T) {
	var out strings.Builder
	if err := newBlamedReport(t).WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(blamedLines) {
		t.Fatalf("comments are\n%s", &out)
	}
	for i, want := range blamedLines {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want)
		}
	}
}

// What is read back has the precision of the text, and adds up as well.
func TestBlameIsReadBack(t *testing.T) {
	var c Comments
	for _, line := range blamedLines {
		if strings.HasSuffix(line, ": ") {
			line += "Advice."
		}
		c.Add(line)
	}
	if len(c.Reports) != 1 || len(c.Reports[0].Kinds) != 1 {
		t.Fatalf("read %+v", c.Reports)
	}
	r := c.Reports[0]
	want := Blame{
		Waited: 10_000 * ms, Held: 1400 * ms, Idle: 8600 * ms, Holders: 3, MaxHolders: 3,
		Longest: Holder{outcome.Writer, 2, "commit", 500 * ms},
	}
	if diff := cmp.Diff(want, r.Kinds[0].Blame); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
	idle := Blame{Waited: 2000 * ms, Idle: 2000 * ms}
	if diff := cmp.Diff(LongWaits{1, 2000 * ms, 2000 * ms, idle}, r.LongWaits); diff != "" {
		t.Errorf("long waits (-want +got):\n%s", diff)
	}
}

func TestLongWaitsWithoutLockErrorsAreReadBack(t *testing.T) {
	r := Report{Benchmark: "BenchmarkX", Attempts: 9, LongWaits: LongWaits{
		Count: 3, Median: 1500 * ms, Max: 2000 * ms,
		Blame: Blame{Waited: 5000 * ms, Held: 5000 * ms, Holders: 7, MaxHolders: 9,
			Longest: Holder{outcome.Intruder, 0, "lock", 6000 * ms}},
	}}
	var text strings.Builder
	if err := r.WriteComments(&text); err != nil {
		t.Fatal(err)
	}
	var c Comments
	for line := range strings.Lines("# seed 1\n" + text.String()) {
		c.Add(strings.TrimSuffix(line, "\n"))
	}
	if diff := cmp.Diff([]Report{r}, c.Reports); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
}

func TestBlameInWords(t *testing.T) {
	longest := Holder{outcome.Writer, 12, "commit", 312 * ms}
	for _, c := range []struct {
		name  string
		blame Blame
		want  string
	}{
		{"at once", Blame{Holders: 1, MaxHolders: 1, Longest: longest},
			"1 holder, longest 312ms: writer 12, commit"},
		{"no holder", Blame{Waited: 300, Idle: 300}, "0 holders; lock idle 100 % of 300ns"},
		{"different waits",
			Blame{Waited: 100, Held: 23, Idle: 77, Holders: 41, MaxHolders: 60, Longest: longest},
			"41 holders (median; max 60), longest 312ms: writer 12, commit; " +
				"lock held 23 %, idle 77 % of 100ns"},
		{"every part",
			Blame{Waited: 600, Held: 100, Own: 200, Unknown: 100, Idle: 200, Holders: 2,
				MaxHolders: 2, Longest: longest},
			"2 holders, longest 312ms: writer 12, commit; " +
				"lock held 17 %, held by itself 33 %, unknown 17 %, idle 33 % of 600ns"},
		{"parts of which one is less than a percent",
			Blame{Waited: 1000, Held: 996, Idle: 4, Holders: 1, MaxHolders: 1, Longest: longest},
			"1 holder, longest 312ms: writer 12, commit; lock held 100 % of 1µs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := c.blame.String()
			if text != c.want {
				t.Errorf("blame is %q, want %q", text, c.want)
			}
			if again := parseBlame(text).String(); again != text {
				t.Errorf("%q is read back as %q", text, again)
			}
		})
	}
}

func TestBlameAsJSON(t *testing.T) {
	text, err := json.Marshal(newBlamedReport(t))
	for _, want := range []string{
		`"blame":{"waited-ns":10000000000,"held-ns":1402000000,"own-ns":0,"unknown-ns":0,` +
			`"idle-ns":8598000000,"holders":3,"max-holders":3,` +
			`"longest":{"role":"writer","number":2,"phase":"commit","held-ns":500000000}}`,
		`"long-waits":{"count":1,"median-ns":2000000000,"max-ns":2000000000,"blame":{`,
	} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("JSON is %s, %v, want it to contain %s", text, err, want)
		}
	}
}

func TestBlameOfSeveralRunsAddsUp(t *testing.T) {
	run := func(count, holders int, held int64) Report {
		b := Blame{Waited: 100, Held: held, Idle: 100 - held, Holders: holders,
			MaxHolders: holders, Longest: Holder{Number: count, Held: held}}
		return Report{Benchmark: "x",
			Kinds:     []Entry{{Count: count, Name: "SQLITE_BUSY", Blame: b}},
			LongWaits: LongWaits{Count: count, Median: int64(count), Max: held, Blame: b},
		}
	}
	sum := Combine([]Report{run(2, 5, 30), run(7, 3, 60), run(6, 9, 50)})
	want := Blame{Waited: 300, Held: 140, Idle: 160, Holders: 3, MaxHolders: 9,
		Longest: Holder{Number: 7, Held: 60}}
	if diff := cmp.Diff(want, sum.Kinds[0].Blame); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(LongWaits{15, 7, 60, want}, sum.LongWaits); diff != "" {
		t.Errorf("long waits (-want +got):\n%s", diff)
	}
}
