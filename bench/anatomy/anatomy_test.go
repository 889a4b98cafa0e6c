package anatomy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func scenarioOf(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	return a.WithDefaults("conn=held").WithDefaults(scenario.Defaults).Cases()[0].Scenario
}

func lockError(code outcome.Code, phase outcome.Phase, waited time.Duration) outcome.Outcome {
	return outcome.Outcome{Code: code, Trace: outcome.Trace{Phase: phase, LockWait: int64(waited)}}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		busy   string
		code   outcome.Code
		waited time.Duration
		want   Waited
	}{
		{"5s", outcome.Busy, 40 * time.Microsecond, Nothing},
		{"5s", outcome.BusySnapshot, 49 * time.Millisecond, Nothing}, // waited for a processor
		{"5s", outcome.Busy, 50 * time.Millisecond, Partly},
		{"5s", outcome.Busy, 4 * time.Second, Partly},
		{"5s", outcome.Busy, 5 * time.Second, Whole},
		{"5s", outcome.Busy, 6 * time.Second, Whole},
		{"10ms", outcome.Busy, 900 * time.Microsecond, Nothing},
		{"10ms", outcome.Busy, 2 * time.Millisecond, Partly},
		{"10ms", outcome.Busy, 10 * time.Millisecond, Whole},
		{"none", outcome.Busy, time.Second, Nothing}, // nothing waits, but the machine may be slow
		{"none", outcome.Protocol, 10 * time.Second, Partly},
		{"block", outcome.BusySnapshot, time.Millisecond, Nothing},
		{"block", outcome.Busy, time.Hour, Partly},
		{"retry", outcome.Busy, 5*time.Second - time.Millisecond, Whole},
		{"queue:60s", outcome.QueueTimeout, time.Minute, Whole},
		{"queue:60s", outcome.Busy, 5 * time.Second, Partly},
	} {
		k := newKind(scenarioOf(t, "busy="+c.busy), lockError(c.code, outcome.Insert, c.waited))
		if k.Waited != c.want || k.Code != c.code || k.Phase != outcome.Insert {
			t.Errorf("busy=%s, %v after %v is %v, want waited %v", c.busy, c.code, c.waited, k, c.want)
		}
	}
}

// gather makes an anatomy of 4 rounds: in each 1 acknowledgement, 3 snapshots, 2 plain.
func gather(t *testing.T) *Anatomy {
	a := New(scenarioOf(t, "exec=process txn=upgrade"))
	round := []outcome.Series{
		{Outcomes: []outcome.Outcome{{}, lockError(outcome.BusySnapshot, outcome.Insert, 3000), lockError(outcome.Busy, outcome.Commit, 5*time.Second)}},
		{Outcomes: []outcome.Outcome{lockError(outcome.BusySnapshot, outcome.Insert, 1000), lockError(outcome.Busy, outcome.Insert, 4000)}},
		{Outcomes: []outcome.Outcome{lockError(outcome.BusySnapshot, outcome.Insert, 2000)}},
	}
	for range 2 {
		a.Add(outcome.Round{Writers: round})
		other := New(a.scenario)
		other.Add(outcome.Round{Writers: round})
		a.Merge(other)
	}
	return a
}

func TestReport(t *testing.T) {
	r := gather(t).Report("BenchmarkBurst/x")
	if r.Attempts != 24 || r.LockErrors != 20 || len(r.Kinds) != 3 {
		t.Fatalf("report is %+v", r)
	}
	sum := 0
	for _, e := range r.Kinds {
		sum += e.Count
	}
	if sum != r.LockErrors {
		t.Errorf("counts add up to %d, not to %d", sum, r.LockErrors)
	}
	first := r.Kinds[0]
	if first.Code != outcome.BusySnapshot || first.Count != 12 || first.Median != 2000 || first.Max != 3000 {
		t.Errorf("the most frequent kind is %+v", first)
	}
	text, err := json.Marshal(r.Kinds[2])
	want := `{"count":4,"code":5,"name":"SQLITE_BUSY","phase":"commit","waited":"whole","median-ns":5000000000,"max-ns":5000000000,"advice":`
	if err != nil || !strings.HasPrefix(string(text), want) {
		t.Errorf("as JSON, %v: %s", err, text)
	}
	var back Entry
	if err := json.Unmarshal(text, &back); err != nil || back != r.Kinds[2] {
		t.Errorf("%s becomes %+v, %v", text, back, err)
	}
}

func TestRemarks(t *testing.T) {
	var out strings.Builder
	if err := gather(t).Report("BenchmarkBurst/x").WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	want := []string{
		"# BenchmarkBurst/x: 20 of 24 attempts ended in a lock error",
		"#   12 x SQLITE_BUSY_SNAPSHOT in insert, waited 0 (median 2µs, at most 3µs): ",
		"#   4 x SQLITE_BUSY in insert, waited 0 (median 4µs, at most 4µs): ",
		"#   4 x SQLITE_BUSY in commit, waited the whole timeout (median 5s, at most 5s): ",
	}
	if len(lines) != len(want) {
		t.Fatalf("remarks are\n%s", out.String())
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want[i])
		}
	}
	out.Reset()
	if err := New(scenarioOf(t, "")).Report("x").WriteComments(&out); err != nil || out.Len() != 0 {
		t.Errorf("without lock errors: %v, %q", err, out.String())
	}
}

// codes are all that count as lock errors.
var codes = []outcome.Code{
	outcome.Busy, outcome.BusyRecovery, outcome.BusySnapshot, outcome.BusyTimeout, outcome.Locked,
	outcome.LockedSharedCache, outcome.LockedVTab, outcome.Protocol, outcome.QueueTimeout,
}

// Each kind has a sentence of its own in each scenario.
func TestEveryKindHasItsSentence(t *testing.T) {
	for _, axes := range []string{"busy=5s", "busy=none", "busy=block", "busy=queue", "busy=retry", "txn=upgrade busy=none", "txn=upgrade busy=1s"} {
		s := scenarioOf(t, axes)
		kinds := map[string]Kind{}
		for _, code := range codes {
			for _, phase := range outcome.Phases {
				for _, waited := range []Waited{Nothing, Partly, Whole} {
					k := Kind{code, phase, waited}
					text := Advice(s, k)
					if other, ok := kinds[text]; ok {
						t.Errorf("%s: %v and %v share %q", axes, k, other, text)
					}
					kinds[text] = k
					if strings.ContainsAny(text, "\n%") || !strings.HasSuffix(text, ".") || strings.Count(text, ": ") != 1 || len(places[phase]) == 0 {
						t.Errorf("%s: %v: %q is no plain sentence", axes, k, text)
					}
				}
			}
		}
	}
}

func TestAdviceSaysWhatHelps(t *testing.T) {
	for _, c := range []struct {
		axes string
		kind Kind
		says []string
	}{
		{"txn=upgrade busy=5s", Kind{outcome.BusySnapshot, outcome.Insert, Nothing}, []string{"BEGIN IMMEDIATE", "out of date", "no waiting mends"}},
		{"txn=upgrade busy=5s", Kind{outcome.Busy, outcome.Insert, Nothing}, []string{"BEGIN IMMEDIATE", "had read already", "whatever the timeout"}},
		{"txn=auto busy=none", Kind{outcome.Busy, outcome.Insert, Nothing}, []string{"no busy timeout", "set a busy timeout"}},
		{"txn=auto busy=5s", Kind{outcome.Busy, outcome.Insert, Whole}, []string{"for all of 5s", "busy=queue"}},
		{"journal=delete busy=1s", Kind{outcome.Busy, outcome.Open, Whole}, []string{"read the schema", "for all of 1s", "use WAL mode"}},
		{"journal=wal busy=1s", Kind{outcome.Busy, outcome.Open, Whole}, []string{"read the schema", "for all of 1s", "keep at least one connection open"}},
		{"txn=deferred busy=5s", Kind{outcome.Busy, outcome.Commit, Whole}, []string{"COMMIT", "still reading", "WAL"}},
		{"busy=queue", Kind{outcome.QueueTimeout, outcome.Queue, Whole}, []string{"Before the database was touched", "busy=queue:60s"}},
		{"busy=5s", Kind{outcome.Protocol, outcome.Insert, Whole}, []string{"keep connections open"}},
	} {
		text := Advice(scenarioOf(t, c.axes), c.kind)
		if slices.ContainsFunc(c.says, func(part string) bool { return !strings.Contains(text, part) }) {
			t.Errorf("%s: %v: %q does not say all of %q", c.axes, c.kind, text, c.says)
		}
	}
}
