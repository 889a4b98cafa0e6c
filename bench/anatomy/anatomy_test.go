package anatomy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// newScenario returns the scenario of these axes.
func newScenario(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	s, err := scenario.Single(axes, "exec=process journal=delete writers=1 conn=held")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func lockError(code outcome.Code, phase outcome.Phase, waited time.Duration) outcome.Outcome {
	return outcome.Outcome{Code: code, Trace: outcome.Trace{Phase: phase, LockWait: int64(waited)}}
}

// newTestKind returns a kind of a statement of no SQL file.
func newTestKind(code outcome.Code, phase outcome.Phase, waited WaitShare) Kind {
	return Kind{Code: code, Phase: phase, Waited: waited}
}

func TestKindOfALockError(t *testing.T) {
	for _, c := range []struct {
		axes   string
		code   outcome.Code
		waited time.Duration
		want   WaitShare
	}{
		// SQLite's first sleep takes 1 ms, whatever the timeout.
		{"busy=5s", outcome.Busy, 40 * time.Microsecond, NoWait},
		{"busy=5s", outcome.Busy, 999 * time.Microsecond, NoWait},
		{"busy=5s", outcome.Busy, time.Millisecond, PartialWait},
		{"busy=5s", outcome.Busy, 50 * time.Millisecond, PartialWait},
		{"busy=5s", outcome.Busy, 4 * time.Second, PartialWait},
		{"busy=5s", outcome.Busy, 5 * time.Second, FullWait},
		{"busy=5s", outcome.Busy, 6 * time.Second, FullWait},
		{"busy=10ms", outcome.Busy, 900 * time.Microsecond, NoWait},
		{"busy=10ms", outcome.Busy, 2 * time.Millisecond, PartialWait},
		{"busy=10ms", outcome.Busy, 10 * time.Millisecond, FullWait},
		{"busy=60s", outcome.Busy, 500 * time.Millisecond, PartialWait},
		{"busy=block", outcome.Busy, time.Hour, PartialWait},
		{"busy=queue:60s", outcome.QueueTimeout, time.Minute, FullWait},
		{"busy=queue:60s", outcome.Busy, 5 * time.Second, PartialWait},

		// SQLite does not sleep for these. The machine was slow.
		{"busy=none", outcome.Busy, time.Second, NoWait},
		{"busy=none", outcome.BusyRecovery, time.Second, NoWait},
		{"busy=5s", outcome.BusySnapshot, 49 * time.Millisecond, NoWait},
		{"busy=5s", outcome.BusySnapshot, time.Second, NoWait},
		{"busy=10ms", outcome.BusySnapshot, time.Second, NoWait},
		{"busy=block", outcome.BusySnapshot, time.Second, NoWait},
		{"busy=5s txn=upgrade", outcome.Busy, time.Second, NoWait},
		{"busy=5s txn=upgrade journal=wal", outcome.Busy, 10 * time.Second, NoWait},

		// The writer sleeps for any code.
		{"busy=retry", outcome.Busy, 5*time.Second - time.Millisecond, FullWait},
		{"busy=retry txn=upgrade", outcome.Busy, 5 * time.Second, FullWait},
		{"busy=retry txn=upgrade", outcome.BusySnapshot, 5 * time.Second, FullWait},
		{"busy=retry", outcome.Protocol, 10 * time.Second, FullWait},

		// SQLite sleeps without asking for the timeout.
		{"busy=none", outcome.Protocol, 10 * time.Second, PartialWait},
		{"busy=5s", outcome.Protocol, 10 * time.Second, PartialWait},
	} {
		t.Run(fmt.Sprintf("%s, %v after %v", c.axes, c.code, c.waited), func(t *testing.T) {
			s, o := newScenario(t, c.axes), lockError(c.code, outcome.Insert, c.waited)
			got := newKind(s, Statement{}, o)
			if want := newTestKind(c.code, outcome.Insert, c.want); got != want {
				t.Errorf("kind is %v, want %v", got, want)
			}
		})
	}
}

// newAnatomy collects four equal rounds. Each has one acknowledgement, three snapshot errors and
// two plain ones.
func newAnatomy(t *testing.T) *Anatomy {
	a := New(newScenario(t, "exec=process txn=upgrade"))
	round := outcome.Round{Writers: []outcome.Series{
		{Outcomes: []outcome.Outcome{
			{Trace: outcome.Trace{LockAcquired: 1, LockReleased: 1}},
			lockError(outcome.BusySnapshot, outcome.Insert, 3000),
			lockError(outcome.Busy, outcome.Commit, 5*time.Second),
		}},
		{Outcomes: []outcome.Outcome{
			lockError(outcome.BusySnapshot, outcome.Insert, 1000),
			lockError(outcome.Busy, outcome.Insert, 4000),
		}},
		{Outcomes: []outcome.Outcome{lockError(outcome.BusySnapshot, outcome.Insert, 2000)}},
	}}
	for range 2 {
		a.Add(round)
		other := New(a.scenario)
		other.Add(round)
		a.Merge(other)
	}
	return a
}

func TestReport(t *testing.T) {
	r := newAnatomy(t).Reports("BenchmarkBurst/x")[0]
	if r.Attempts != 24 || r.LockErrors != 20 || len(r.Kinds) != 3 {
		t.Fatalf("report is %+v", r)
	}
	sum := 0
	for _, e := range r.Kinds {
		sum += e.Count
	}
	if sum != r.LockErrors {
		t.Errorf("counts add up to %d, want %d", sum, r.LockErrors)
	}
	first := r.Kinds[0]
	if first.Code != outcome.BusySnapshot || first.Count != 12 || first.Median != 2000 ||
		first.Max != 3000 {
		t.Errorf("the most frequent kind is %+v", first)
	}
}

func TestEntryAsJSON(t *testing.T) {
	e := newAnatomy(t).Reports("BenchmarkBurst/x")[0].Kinds[2]
	text, err := json.Marshal(e)
	want := `{"count":4,"code":5,"name":"SQLITE_BUSY","phase":"commit","waited":"whole",` +
		`"median-ns":5000000000,"max-ns":5000000000,"advice":`
	if err != nil || !strings.HasPrefix(string(text), want) {
		t.Errorf("JSON is %s, %v; want %s...", text, err, want)
	}
	var back Entry
	if err := json.Unmarshal(text, &back); err != nil || back != e {
		t.Errorf("%s becomes %+v, %v", text, back, err)
	}
	var w WaitShare
	if err := w.UnmarshalText([]byte("half")); err == nil ||
		!strings.Contains(err.Error(), `"half"`) {
		t.Errorf("an unknown share gives error %v", err)
	}
}

func TestComments(t *testing.T) {
	var out strings.Builder
	if err := newAnatomy(t).Reports("BenchmarkBurst/x")[0].WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	want := []string{
		"# BenchmarkBurst/x: 20 of 24 attempts ended in a lock error",
		"#   12 x SQLITE_BUSY_SNAPSHOT in insert, waited 0 (median 2µs, max 3µs): ",
		"#     meanwhile: 0 holders",
		"#   4 x SQLITE_BUSY in insert, waited 0 (median 4µs, max 4µs): ",
		"#     meanwhile: 0 holders",
		"#   4 x SQLITE_BUSY in commit, waited the whole timeout (median 5s, max 5s): ",
		"#     meanwhile: 0 holders",
	}
	if len(lines) != len(want) {
		t.Fatalf("comments are\n%s", out.String())
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want[i])
		}
	}
}

func TestNoCommentsWithoutLockErrors(t *testing.T) {
	var out strings.Builder
	err := New(newScenario(t, "")).Reports("x")[0].WriteComments(&out)
	if err != nil || out.Len() != 0 {
		t.Errorf("comments are %q, %v", out.String(), err)
	}
}

// codes are all codes that count as lock errors.
var codes = []outcome.Code{
	outcome.Busy, outcome.BusyRecovery, outcome.BusySnapshot, outcome.BusyTimeout, outcome.Locked,
	outcome.LockedSharedCache, outcome.LockedVTab, outcome.Protocol, outcome.QueueTimeout,
}

func TestEachKindHasItsOwnAdvice(t *testing.T) {
	for _, axes := range []string{
		"busy=5s", "busy=none", "busy=block", "busy=queue", "busy=retry", "txn=upgrade busy=none",
		"txn=upgrade busy=1s", "txn=exclusive busy=60s", "txn=deferred busy=60s",
		"journal=wal busy=60s", "journal=wal txn=upgrade busy=60s", "journal=wal busy=none",
		"journal=wal txn=upgrade busy=none", "journal=wal busy=queue:60s",
	} {
		t.Run(axes, func(t *testing.T) {
			s := newScenario(t, axes)
			kinds := map[string]Kind{}
			for _, code := range codes {
				for _, phase := range outcome.Phases {
					for _, waited := range []WaitShare{NoWait, PartialWait, FullWait} {
						k := newTestKind(code, phase, waited)
						text := Advice(s, k)
						if other, ok := kinds[text]; ok {
							t.Errorf("%v and %v have the same advice %q", k, other, text)
						}
						kinds[text] = k
						if strings.ContainsAny(text, "\n%") || !strings.HasSuffix(text, ".") ||
							strings.Count(text, ": ") != 1 || len(steps[phase]) == 0 {
							t.Errorf("%v: %q is not one sentence with cause and remedy", k, text)
						}
						cause, _, _ := strings.Cut(text, ": ")
						if len(cause) > 165 || len(text) > 240 {
							t.Errorf("%v: %q has %d characters, its cause %d; want 240 and 165",
								k, text, len(text), len(cause))
						}
					}
				}
			}
		})
	}
}

func TestAdviceGivesCauseAndRemedy(t *testing.T) {
	for _, c := range []struct {
		axes          string
		kind          Kind
		parts, others []string // what the advice contains, and what it does not
	}{
		{
			"txn=upgrade busy=5s", newTestKind(outcome.BusySnapshot, outcome.Insert, NoWait),
			[]string{"BEGIN IMMEDIATE", "out of date", "waiting cannot change"}, nil,
		},
		{
			"txn=upgrade busy=5s", newTestKind(outcome.Busy, outcome.Insert, NoWait),
			[]string{
				"BEGIN IMMEDIATE", "cannot commit while this one reads", "whatever the timeout",
			},
			[]string{"out of date"},
		},
		{
			"journal=wal txn=upgrade busy=5s", newTestKind(outcome.Busy, outcome.Insert, NoWait),
			[]string{
				"BEGIN IMMEDIATE", "this one has read out of date", "whatever the timeout",
			},
			[]string{"cannot commit", "wait for each other"},
		},
		{
			"txn=upgrade busy=none", newTestKind(outcome.Busy, outcome.Insert, NoWait),
			[]string{"whatever the timeout", "BEGIN IMMEDIATE", "set a busy timeout"},
			[]string{"which waits"},
		},
		{
			"journal=wal txn=upgrade busy=none",
			newTestKind(outcome.BusySnapshot, outcome.Insert, NoWait),
			[]string{"waiting cannot change", "BEGIN IMMEDIATE", "set a busy timeout"},
			[]string{"no busy timeout is set"},
		},
		{
			"journal=wal file=delete busy=5s", newTestKind(outcome.Busy, outcome.Journal, NoWait),
			[]string{"switching the file", "whatever the timeout", "one program"},
			[]string{"set the timeout"},
		},
		{
			"journal=wal file=delete order=pragma-first busy=5s",
			newTestKind(outcome.Busy, outcome.Journal, NoWait),
			[]string{"not set yet", "set the timeout first", "one program switch"},
			[]string{"whatever the timeout"},
		},
		{
			"journal=wal file=abandoned order=pragma-first busy=5s",
			newTestKind(outcome.BusyRecovery, outcome.Journal, NoWait),
			[]string{"log's index", "not set yet", "set the timeout first"}, []string{"switch"},
		},
		{
			"journal=delete file=wal busy=5s", newTestKind(outcome.Busy, outcome.Journal, NoWait),
			[]string{"only the last one can leave", "whatever the timeout", "no other connection"},
			nil,
		},
		{
			"journal=wal file=wal txn=deferred busy=5s",
			newTestKind(outcome.Busy, outcome.Schema, NoWait),
			[]string{"while this one was reading", "whatever the timeout", "BEGIN IMMEDIATE"}, nil,
		},
		{
			"journal=wal file=wal txn=immediate busy=5s",
			newTestKind(outcome.Busy, outcome.Schema, FullWait),
			[]string{"whole timeout of 5s", "one program migrate"}, []string{"BEGIN IMMEDIATE"},
		},
		{
			"txn=upgrade busy=1s", newTestKind(outcome.Busy, outcome.Begin, FullWait),
			[]string{"began to read", "kept readers out"}, []string{"held the lock"},
		},
		{
			"txn=exclusive busy=1s", newTestKind(outcome.Busy, outcome.Begin, FullWait),
			[]string{"reading or writing", "use BEGIN IMMEDIATE"}, nil,
		},
		{
			"journal=wal txn=exclusive busy=1s", newTestKind(outcome.Busy, outcome.Begin, FullWait),
			[]string{"held the lock"}, []string{"reading", "IMMEDIATE", "WAL"},
		},
		{
			"txn=auto busy=none", newTestKind(outcome.Busy, outcome.Insert, NoWait),
			[]string{"no busy timeout", "set a busy timeout"}, nil,
		},
		{
			"txn=auto busy=5s", newTestKind(outcome.Busy, outcome.Insert, FullWait),
			[]string{"at each try for the whole timeout of 5s", "busy=queue"}, nil,
		},
		{
			"txn=auto busy=queue", newTestKind(outcome.Busy, outcome.Insert, FullWait),
			[]string{"for the whole timeout of 5s"}, []string{"busy=queue"},
		},
		{
			"journal=delete busy=1s", newTestKind(outcome.Busy, outcome.Open, FullWait),
			[]string{"read the schema", "for the whole timeout of 1s", "use WAL mode"}, nil,
		},
		{
			"journal=wal busy=1s", newTestKind(outcome.Busy, outcome.Open, FullWait),
			[]string{
				"read the schema", "for the whole timeout of 1s",
				"keep at least one connection open",
			},
			[]string{"WAL mode"},
		},
		{
			"journal=wal busy=none", newTestKind(outcome.BusyRecovery, outcome.Open, NoWait),
			[]string{
				"index, as the first to connect does", "set a busy timeout", "keep one open",
			},
			[]string{"crash", "retry"},
		},
		{
			"journal=wal busy=5s", newTestKind(outcome.BusyRecovery, outcome.Open, FullWait),
			[]string{"for the whole timeout of 5s", "keep one connection open"},
			[]string{"crash", "set a busy timeout"},
		},
		{
			"txn=auto busy=5s", newTestKind(outcome.Busy, outcome.Commit, FullWait),
			[]string{
				"COMMIT", "reading, or asking for the write lock, which takes a read lock first",
				"BEGIN IMMEDIATE", "busy=queue", "WAL",
			},
			[]string{"still reading"},
		},
		{
			"txn=deferred busy=5s", newTestKind(outcome.Busy, outcome.Commit, FullWait),
			[]string{"asking for the write lock", "shorten reads", "busy=queue", "WAL"},
			[]string{"IMMEDIATE"},
		},
		{
			"txn=auto busy=none", newTestKind(outcome.Busy, outcome.Commit, NoWait),
			[]string{"asking for the write lock", "set a busy timeout"}, nil,
		},
		{
			"journal=wal busy=5s", newTestKind(outcome.Busy, outcome.Commit, FullWait),
			[]string{"appended to the log"}, []string{"for itself", "reading", "WAL mode"},
		},
		{
			"busy=none", newTestKind(outcome.Busy, outcome.Close, NoWait),
			[]string{"was not finished", "finish it before closing"},
			[]string{"another connection", "set a busy timeout"},
		},
		{
			"busy=none", newTestKind(outcome.LockedSharedCache, outcome.Insert, NoWait),
			[]string{"shared cache held the table", "no busy timeout waits",
				"leave out cache=shared, or", "conn=pool"},
			[]string{"is set"},
		},
		{
			"busy=5s", newTestKind(outcome.LockedSharedCache, outcome.Begin, PartialWait),
			[]string{"once the mutex of the cache was free"}, []string{"ended early"},
		},
		{
			"busy=queue", newTestKind(outcome.QueueTimeout, outcome.Queue, FullWait),
			[]string{"Before the database was touched", "busy=queue:60s"}, nil,
		},
		{
			"journal=wal busy=none", newTestKind(outcome.Protocol, outcome.Insert, PartialWait),
			[]string{"kept changing or locking", "after 100 tries in 10s", "keep connections open"},
			[]string{"ended early"},
		},
		{
			"busy=5s", newTestKind(outcome.Protocol, outcome.Insert, FullWait),
			[]string{"keep connections open"}, nil,
		},
	} {
		t.Run(fmt.Sprintf("%s, %v", c.axes, c.kind), func(t *testing.T) {
			text := Advice(newScenario(t, c.axes), c.kind)
			for _, part := range c.parts {
				if !strings.Contains(text, part) {
					t.Errorf("advice %q does not contain %q", text, part)
				}
			}
			for _, part := range c.others {
				if strings.Contains(text, part) {
					t.Errorf("advice %q contains %q", text, part)
				}
			}
		})
	}
}
