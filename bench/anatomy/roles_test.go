package anatomy

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

// newCrowdedRound returns a sustained round in which a COMMIT with a rollback journal waits for a
// reader, another reader is refused while an intruder has the lock, a third one waits for 2 s, and
// the intruder is refused, too.
func newCrowdedRound() outcome.Round {
	read := func(from, to int64, t outcome.Trace, code outcome.Code) outcome.Series {
		t.Phase = outcome.Read
		return outcome.Series{Outcomes: []outcome.Outcome{
			{Start: from, End: to, Trace: t, Code: code},
			{Start: 9000 * ms, End: 9001 * ms, Trace: outcome.Trace{Phase: outcome.Read}}, // late
		}}
	}
	return outcome.Round{
		Schedule: outcome.Schedule{Mode: outcome.Sustained, Deadline: 8000 * ms},
		Writers: []outcome.Series{{Outcomes: []outcome.Outcome{
			{Start: 1 * ms, End: 5010 * ms, Code: outcome.Busy, Trace: outcome.Trace{
				Phase: outcome.Commit, LockAcquired: 2 * ms, CommitStart: 10 * ms,
				LockReleased: 5010 * ms, LockWait: 5000 * ms,
			}},
		}}},
		Readers: []outcome.Series{
			read(1*ms, 6001*ms, outcome.Trace{}, 0),
			read(5500*ms, 7500*ms, outcome.Trace{WaitStart: 5500 * ms, LockWait: 2000 * ms},
				outcome.Busy),
			read(5500*ms, 7600*ms,
				outcome.Trace{WaitStart: 5501 * ms, LockAcquired: 7501 * ms}, 0),
		},
		Intruders: []outcome.Series{{Outcomes: []outcome.Outcome{
			{Start: 5500 * ms, End: 7500 * ms, Trace: outcome.Trace{
				Phase: outcome.Lock, LockAcquired: 5500 * ms, LockReleased: 7500 * ms,
			}},
			{Start: 7500 * ms, End: 67_500 * ms, Code: outcome.Busy, Trace: outcome.Trace{
				Phase: outcome.Lock, WaitStart: 7500 * ms, LockWait: 60_000 * ms,
			}},
		}}},
	}
}

// Each role has an account of its own. A reader's errors are none of the writers.
func TestReportsOfEachRole(t *testing.T) {
	a := New(newScenario(t, "journal=delete txn=immediate busy=5s readers=3 intruder=lock:2s"))
	a.Add(newCrowdedRound())
	reports := a.Reports("BenchmarkSustained/x")
	var text strings.Builder
	for _, r := range reports {
		if err := r.WriteComments(&text); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"# BenchmarkSustained/x: 1 of 1 attempts ended in a lock error",
		"#   1 x SQLITE_BUSY in commit, waited the whole timeout (median 5s, max 5s): When COMMIT ",
		"#     meanwhile: 0 holders; lock held by itself 100 % of 5s; " +
			"up to 1 reader, longest 6s: reader 0, read",
		"# BenchmarkSustained/x: 1 of 3 reads ended in a lock error",
		"#   1 x SQLITE_BUSY in read, waited partly (median 2s, max 2s): When a reader began to ",
		"#     meanwhile: 1 holder, longest 2s: intruder 0, lock; lock held 100 % of 2s",
		"# BenchmarkSustained/x: 1 of 3 reads done after over 1s of waiting (median 2s, max 2s)",
		"#     meanwhile: 1 holder, longest 2s: intruder 0, lock; lock held 100 % of 2s",
		"# BenchmarkSustained/x: 1 of 2 intrusions ended in a lock error",
		"#   1 x SQLITE_BUSY in lock, waited the whole timeout (median 1m0s, max 1m0s): When ",
		"#     meanwhile: 0 holders; lock idle 100 % of 1m0s",
	}
	lines := slices.Collect(strings.Lines(text.String()))
	for i, line := range lines {
		if i < len(want) {
			lines[i] = line[:min(len(line)-1, len(want[i]))]
		}
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	var c Comments
	for line := range strings.Lines(text.String()) {
		c.Add(strings.TrimSuffix(line, "\n"))
	}
	var again strings.Builder
	for _, r := range c.Reports {
		if err := r.WriteComments(&again); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(text.String(), again.String()); diff != "" || len(c.Reports) != 3 {
		t.Errorf("%d reports, read back (-want +got):\n%s", len(c.Reports), diff)
	}
}

// What participants other than writers do has a sentence for each code, as the phases of writers
// have.
func TestAdviceForOthers(t *testing.T) {
	for _, c := range []struct {
		axes  string
		phase outcome.Phase
		want  string
	}{
		{"journal=wal", outcome.Checkpoint, "When a checkpoint needed the log for itself, a " +
			"reader still used the log, or another connection wrote or made a checkpoint, at " +
			"each try for the whole timeout of 5s: shorten read transactions, and keep none open."},
		{"journal=delete", outcome.Backup, "When a backup read the file, another connection kept " +
			"readers out, as COMMIT with a rollback journal does, at each try for the whole " +
			"timeout of 5s: use WAL mode, in which writers do not block readers, or shorten " +
			"transactions."},
		{"journal=wal", outcome.Vacuum, "When VACUUM asked for the write lock, another " +
			"connection held the lock, at each try for the whole timeout of 5s: let writers " +
			"queue (busy=queue), shorten transactions, or raise the timeout."},
		{"journal=delete", outcome.Lock, "When BEGIN EXCLUSIVE asked for the file, another " +
			"connection was reading or writing, which it rules out, at each try for the whole " +
			"timeout of 5s: let writers queue (busy=queue), shorten transactions, or raise the " +
			"timeout."},
	} {
		t.Run(c.axes+" "+c.phase.String(), func(t *testing.T) {
			kind := Kind{Code: outcome.Busy, Phase: c.phase, Waited: FullWait}
			if got := Advice(newScenario(t, c.axes+" busy=5s"), kind); got != c.want {
				t.Errorf("advice is %q, want %q", got, c.want)
			}
		})
	}
}
