package others

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func newScenario(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	s, err := scenario.Single(axes, "exec=process journal=wal writers=1 conn=held")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const ms = 1_000_000

// series returns the outcomes of one participant.
func series(outcomes ...outcome.Outcome) []outcome.Series {
	return []outcome.Series{{Outcomes: outcomes}}
}

// action returns an outcome that took a time after a wait, in ms.
func action(phase outcome.Phase, waited, took int64) outcome.Outcome {
	o := outcome.Outcome{
		Start: ms, End: ms + (waited+took)*ms, Trace: outcome.Trace{Phase: phase},
	}
	if waited > 0 {
		o.WaitStart, o.LockAcquired = ms, ms+waited*ms
	}
	return o
}

func ended(code outcome.Code) outcome.Outcome { return outcome.Outcome{Code: code} }

// comments returns what a summary of rounds says, in two parts that are merged.
func comments(t *testing.T, s scenario.Scenario, rounds ...outcome.Round) string {
	t.Helper()
	sum, rest := New(s), New(s)
	for i, r := range rounds {
		if i == 0 {
			sum.Add(r)
		} else {
			rest.Add(r)
		}
	}
	sum.Merge(rest)
	var text strings.Builder
	if err := sum.WriteComments(&text, "X"); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestComments(t *testing.T) {
	size := func(bytes int64, reads ...outcome.Outcome) outcome.Round {
		return outcome.Round{
			WALSizes: []outcome.Size{{At: 1, Bytes: bytes}, {At: 2, Bytes: 1}},
			Readers:  series(reads...),
		}
	}
	const grew = "# X: the write-ahead log grew to 41.0 MB, 10 times the size at which a commit " +
		"makes a checkpoint: "
	for _, c := range []struct {
		name, axes string
		rounds     []outcome.Round
		want       string
	}{
		{"writers only", "", []outcome.Round{size(3000 * 4096)}, ""},
		{
			"checkpoints", "checkpoint=full:20ms",
			[]outcome.Round{
				{Checkpointers: series(action(outcome.Checkpoint, 0, 3), ended(outcome.Busy))},
				{Checkpointers: series(action(outcome.Checkpoint, 0, 5),
					action(outcome.Checkpoint, 0, 4))},
			},
			"# X: checkpoint=full:20ms made 3 checkpoints in 2 rounds (median 4ms, max 5ms); " +
				"locks kept 1 more from being finished\n",
		},
		{
			"a round that was over before the first checkpoint", "checkpoint=full:20ms",
			[]outcome.Round{{Checkpointers: series()}},
			"# X: checkpoint=full:20ms made 0 checkpoints in 1 round\n",
		},
		{
			"an intruder", "intruder=vacuum",
			[]outcome.Round{
				{Intruders: series(action(outcome.Vacuum, 0, 30))},
				{Intruders: series(action(outcome.Vacuum, 2, 50))},
				{Intruders: series(action(outcome.Vacuum, 1, 40))},
			},
			"# X: intruder=vacuum was done in 3 of 3 rounds " +
				"(median 40ms, max 50ms, after waiting for 1ms, max 2ms)\n",
		},
		{
			"an intruder that did not do it", "intruder=backup",
			[]outcome.Round{
				{Intruders: series(ended(outcome.Busy))},
				{Intruders: series(ended(outcome.Interrupt))},
				{Intruders: series(ended(outcome.Interrupt))},
				{Intruders: []outcome.Series{{}}},
			},
			"# X: intruder=backup was done in 0 of 4 rounds; 1 refused a lock for a minute; " +
				"2 not finished when the round was over; 1 too late for the round\n",
		},
		{
			"a long read", "checkpoint=auto:2500 readers=1 read=hold:2s",
			[]outcome.Round{
				size(1),
				size(25000*4096, action(outcome.Read, 0, 7), action(outcome.Read, 0, 2000)),
				size(2, action(outcome.Read, 0, 9000)),
			},
			"# X: the write-ahead log grew to 102.4 MB, 10 times the size at which a commit " +
				"makes a checkpoint: reader 0 kept a snapshot for 2s, and until it ends writers " +
				"cannot begin again at the start of the log: shorten reads\n",
		},
		{
			"no checkpoints", "checkpoint=off", []outcome.Round{size(10_000 * 4096)},
			grew + "with checkpoint=off no commit makes a checkpoint\n",
		},
		{
			"few checkpoints", "checkpoint=passive:1s",
			[]outcome.Round{size(10_000 * 4096)},
			"# X: checkpoint=passive:1s made 0 checkpoints in 1 round\n" + grew +
				"checkpoints are made every 1s only, and those other than restart and truncate " +
				"do not wait until writers can begin again at the start of the log\n",
		},
		{
			"a large transaction, and pages of another size",
			"intruder=bulk:100000 pragma.page_size=512 pragma.wal_autocheckpoint=8000",
			[]outcome.Round{size(10_000 * 4096)},
			"# X: intruder=bulk:100000 was done in 0 of 1 round; 1 too late for the round\n" +
				grew + "intruder=bulk:100000 wrote much in one transaction\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := comments(t, newScenario(t, c.axes), c.rounds...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentsOfSeveralRuns(t *testing.T) {
	var texts []string
	for _, line := range []string{
		"# BenchmarkX: intruder=vacuum was done in 2 of 2 rounds " +
			"(median 40ms, max 50ms, after waiting for 1ms, max 2ms)",
		"# BenchmarkX: intruder=vacuum was done in 1 of 3 rounds " +
			"(median 60ms, max 60ms, after waiting for 3ms, max 9ms); 1 refused a lock for a " +
			"minute; 1 too late for the round",
		"# BenchmarkX: intruder=vacuum was done in 0 of 1 round; 1 not finished when the round " +
			"was over",
		"# BenchmarkX: checkpoint=full:20ms made 0 checkpoints in 1 round",
		"# BenchmarkX: checkpoint=full:20ms made 3 checkpoints in 2 rounds (median 4ms, " +
			"max 5ms); locks kept 1 more from being finished",
		"# BenchmarkX: the write-ahead log grew to 9.0 MB, twice",
		"# BenchmarkX: the write-ahead log grew to 41.0 MB, 10 times: why",
		"# BenchmarkX: 1 of 3 attempts ended in a lock error",
		"# intruder=vacuum was done in 1 of 1 round",
	} {
		if c, ok := ParseComment(line); ok {
			if c.Benchmark != "BenchmarkX" {
				t.Errorf("the benchmark is %q", c.Benchmark)
			}
			texts = append(texts, c.Text)
		}
	}
	want := []string{
		"checkpoint=full:20ms made 3 checkpoints in 3 rounds (median 4ms, max 5ms); locks kept " +
			"1 more from being finished",
		"intruder=vacuum was done in 3 of 6 rounds (median 50ms, max 60ms, after waiting for " +
			"2ms, max 9ms); 1 refused a lock for a minute; 1 not finished when the round was " +
			"over; 1 too late for the round",
		"the write-ahead log grew to 41.0 MB, 10 times: why",
	}
	if diff := cmp.Diff(want, Combine(texts)); diff != "" || len(texts) != 7 {
		t.Errorf("%d texts, combined (-want +got):\n%s", len(texts), diff)
	}
}

var errFull = errors.New("full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfTheFileAreReturned(t *testing.T) {
	s := New(newScenario(t, "intruder=vacuum"))
	if err := s.WriteComments(fullDisk{}, "X"); !errors.Is(err, errFull) {
		t.Errorf("error is %v", err)
	}
}
