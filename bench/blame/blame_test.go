package blame

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

func writer(n int) outcome.Participant { return outcome.Participant{Number: n} }

// attempt returns an acknowledged attempt of a hold, whose commit takes the second half and a bit.
func attempt(wait, from, to int64) outcome.Outcome {
	return outcome.Outcome{
		Start: from, End: to,
		Trace: outcome.Trace{
			WaitStart: wait, LockAcquired: from, CommitStart: (from+to)/2 - 1, LockReleased: to,
		},
	}
}

func lockError(code outcome.Code, start, wait, end int64) outcome.Outcome {
	return outcome.Outcome{
		Start: start, End: end, Code: code, Trace: outcome.Trace{WaitStart: wait},
	}
}

// newRound returns a round with these attempts of each writer.
func newRound(writers ...[]outcome.Outcome) (r outcome.Round) {
	for _, outcomes := range writers {
		r.Writers = append(r.Writers, outcome.Series{Outcomes: outcomes})
	}
	return r
}

func TestBlameOfAWait(t *testing.T) {
	// Writer 0 waits from 100 to 200 in each case.
	failed := []outcome.Outcome{lockError(outcome.Busy, 90, 100, 200)}
	slow := attempt(0, 150, 170)
	slow.CommitStart = 165
	noInstants := outcome.Outcome{Start: 110, End: 130}
	unreleased := attempt(0, 180, 190)
	unreleased.LockReleased, unreleased.End = 0, 195
	for _, c := range []struct {
		name   string
		round  outcome.Round
		failed []outcome.Span // holds of writer 0 in transactions that were retried
		want   Blame
	}{
		{"nothing happened", newRound(failed), nil, Blame{Idle: 100}},
		{
			"one hold", newRound(failed, []outcome.Outcome{attempt(0, 120, 150)}), nil,
			Blame{
				Held: 30, Idle: 70, Holders: 1,
				Longest: Hold{writer(1), outcome.Span{From: 120, To: 150}, "commit", 0},
			},
		},
		{
			"holds before and after it",
			newRound(failed, []outcome.Outcome{attempt(0, 10, 100), attempt(0, 200, 900)}), nil,
			Blame{Idle: 100},
		},
		{
			"holds that it has a part of",
			newRound(failed, []outcome.Outcome{attempt(0, 10, 110), attempt(0, 195, 900)}), nil,
			Blame{
				Held: 15, Idle: 85, Holders: 1,
				Longest: Hold{writer(1), outcome.Span{From: 195, To: 900}, "commit", 0},
			},
		},
		{
			"several writers, one twice, and most time in the insert",
			newRound(failed,
				[]outcome.Outcome{attempt(0, 110, 120), attempt(0, 130, 140)},
				[]outcome.Outcome{slow}), nil,
			Blame{
				Held: 40, Idle: 60, Holders: 2,
				Longest: Hold{writer(2), outcome.Span{From: 150, To: 170}, "insert", 0},
			},
		},
		{
			"a release that is recorded after the next acquisition",
			newRound(failed,
				[]outcome.Outcome{attempt(0, 110, 150)}, []outcome.Outcome{attempt(0, 120, 155)}),
			nil,
			Blame{
				Held: 45, Idle: 55, Holders: 2,
				Longest: Hold{writer(2), outcome.Span{From: 120, To: 155}, "commit", 0},
			},
		},
		{
			"own holds that were retried",
			newRound(failed, []outcome.Outcome{attempt(0, 140, 141), attempt(0, 160, 162)}),
			[]outcome.Span{{From: 105, To: 135}, {From: 150, To: 155}},
			Blame{
				Held: 3, Own: 35, Idle: 62, Holders: 1,
				Longest: Hold{writer(1), outcome.Span{From: 160, To: 162}, "commit", 0},
			},
		},
		{
			"an attempt that does not say when it held the lock",
			newRound(failed,
				[]outcome.Outcome{noInstants}, []outcome.Outcome{attempt(0, 120, 125)}), nil,
			Blame{
				Held: 5, Unknown: 15, Idle: 80, Holders: 1,
				Longest: Hold{writer(2), outcome.Span{From: 120, To: 125}, "commit", 0},
			},
		},
		{
			"an attempt that does not say when it released the lock",
			newRound(failed, []outcome.Outcome{unreleased}), nil,
			Blame{
				Held: 15, Idle: 85, Holders: 1,
				Longest: Hold{writer(1), outcome.Span{From: 180, To: 195}, "commit", 0},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.round.Writers[0].FailedHolds = c.failed
			wait, ok := NewWait(writer(0), failed[0])
			if !ok || wait.Span != (outcome.Span{From: 100, To: 200}) {
				t.Fatalf("the wait is %+v, %v", wait, ok)
			}
			got := NewHistory(c.round).Blame([]Wait{wait})
			if diff := cmp.Diff([]Blame{c.want}, got); diff != "" {
				t.Errorf("blame (-want +got):\n%s", diff)
			}
			if sum := got[0].Held + got[0].Own + got[0].Unknown + got[0].Idle; sum != 100 {
				t.Errorf("the times add up to %d, want 100", sum)
			}
		})
	}
}

// An error at once has the holder of that instant to blame.
func TestBlameOfAnErrorAtOnce(t *testing.T) {
	r := newRound(nil, []outcome.Outcome{attempt(0, 100, 200)})
	for at, want := range map[int64]int{99: 0, 100: 1, 199: 1, 200: 0} {
		t.Run(fmt.Sprint("at ", at), func(t *testing.T) {
			wait, ok := NewWait(writer(0), lockError(outcome.Busy, 50, at, at))
			got := NewHistory(r).Blame([]Wait{wait})[0]
			if !ok || got.Holders != want || got.Longest.Span.From != int64(want)*100 {
				t.Errorf("blame is %+v, %v, want %d holders", got, ok, want)
			}
		})
	}
}

func TestTheTimeToBlameOthersFor(t *testing.T) {
	long := attempt(1000, 1000+LongWait+1, 5_000_000_000)
	commit := attempt(0, 100, 200)
	commit.Code = outcome.Busy
	stale := lockError(outcome.BusySnapshot, 50, 200, 200)
	stale.OpenDuration = 7
	for _, c := range []struct {
		name string
		o    outcome.Outcome
		ok   bool
		want outcome.Span
	}{
		{"acknowledged without a wait", attempt(0, 100, 200), false, outcome.Span{}},
		{"acknowledged after a second", attempt(1000, 1000+LongWait, 5e9), false, outcome.Span{}},
		{"acknowledged after more", long, true, outcome.Span{From: 1000, To: 1001 + LongWait}},
		{"the lock is never acquired", lockError(outcome.Busy, 50, 60, 90), true,
			outcome.Span{From: 60, To: 90}},
		{"a driver that does not report the wait", lockError(outcome.Busy, 50, 0, 90), true,
			outcome.Span{From: 90, To: 90}},
		{"COMMIT fails", commit, true, outcome.Span{From: 149, To: 200}},
		{"a stale snapshot", stale, true, outcome.Span{From: 57, To: 200}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wait, ok := NewWait(writer(3), c.o)
			if ok != c.ok || ok && wait != (Wait{writer(3), c.want, c.name == "COMMIT fails"}) {
				t.Errorf("the wait is %+v, %v, want %+v, %v", wait, ok, c.want, c.ok)
			}
		})
	}
}

// A participant of another role counts by itself, even with the number of the waiter.
func TestAnIntruderIsBlamed(t *testing.T) {
	intruder := outcome.Participant{Role: outcome.Intruder}
	lock := Hold{intruder, outcome.Span{From: 0, To: 150}, "lock", 0}
	wait := Wait{By: writer(0), Span: outcome.Span{From: 100, To: 200}}
	got := newHistory([]Hold{lock}, nil, nil).Blame([]Wait{wait})
	want := Blame{Held: 50, Idle: 50, Holders: 1, Longest: lock}
	if diff := cmp.Diff([]Blame{want}, got); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
	if text := lock.By.String(); text != "intruder 0" {
		t.Errorf("the participant is %q", text)
	}
}

// The longest read counts whole. One that begins at the end of the wait, or ended at its start, did
// not keep the COMMIT waiting.
func TestReadersAreBlamedForACommit(t *testing.T) {
	commit := attempt(0, 100, 200)
	commit.Code, commit.Phase = outcome.Busy, outcome.Commit
	read := func(from, to int64) outcome.Outcome {
		return outcome.Outcome{Start: from, End: to, Trace: outcome.Trace{Phase: outcome.Read}}
	}
	r := newRound([]outcome.Outcome{commit})
	r.Readers = []outcome.Series{
		{Outcomes: []outcome.Outcome{read(0, 149), read(160, 170), read(171, 175)}},
		{Outcomes: []outcome.Outcome{read(0, 149), read(200, 900)}},
		{Outcomes: []outcome.Outcome{read(190, 250)}},
	}
	wait, _ := NewWait(writer(0), commit)
	got := NewHistory(r).Blame([]Wait{wait})[0]
	longest := Hold{
		outcome.Participant{Role: outcome.Reader, Number: 2}, outcome.Span{From: 190, To: 250},
		"read", 0,
	}
	if diff := cmp.Diff(Blame{Own: 51, Readers: 2, LongestRead: longest}, got); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
}

// SQLite does not say when a checkpoint got the write lock. It cannot have had it before a writer
// released it.
func TestALockWithoutAnAcquisition(t *testing.T) {
	r := newRound([]outcome.Outcome{attempt(0, 10, 40), attempt(0, 90, 95)})
	r.Checkpointers = []outcome.Series{{Outcomes: []outcome.Outcome{{
		Start: 20, End: 80, Trace: outcome.Trace{Phase: outcome.Checkpoint, LockReleased: 80},
	}}}}
	wait, _ := NewWait(writer(5), lockError(outcome.Busy, 0, 45, 70))
	got := NewHistory(r).Blame([]Wait{wait})[0]
	want := Blame{Held: 25, Holders: 1, Longest: Hold{
		outcome.Participant{Role: outcome.Checkpointer}, outcome.Span{From: 40, To: 80},
		"checkpoint", 0,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blame (-want +got):\n%s", diff)
	}
}

// Blame must agree with a search that looks at each hold and each instant of each wait.
func TestBlameAgreesWithAnExhaustiveSearch(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		var holds []Hold
		for from := random.Int64N(5); from < 60; from += random.Int64N(6) {
			by := outcome.Participant{
				Role: outcome.Role(random.IntN(2)), Number: random.IntN(3),
			}
			holds = append(holds, Hold{By: by, Span: randomSpan(random, from, 8)})
		}
		var unknown []outcome.Span
		for range random.IntN(4) {
			unknown = append(unknown, randomSpan(random, random.Int64N(60), 20))
		}
		random.Shuffle(len(holds), func(i, j int) { holds[i], holds[j] = holds[j], holds[i] })
		h := newHistory(holds, append([]outcome.Span(nil), unknown...), nil)
		var waits []Wait
		for range 20 {
			span := randomSpan(random, random.Int64N(60), 30)
			waits = append(waits, Wait{By: writer(random.IntN(3)), Span: span})
		}
		for i, got := range h.Blame(waits) {
			want := search(holds, unknown, waits[i])
			if want.Holders > 0 && length(want.Longest) == length(got.Longest) {
				want.Longest = got.Longest // of several equal ones, any
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, %+v of %+v (-want +got):\n%s", seed, waits[i], holds, diff)
			}
		}
	}
}

func randomSpan(random *rand.Rand, from, most int64) outcome.Span {
	return outcome.Span{From: from, To: from + random.Int64N(most)}
}

func length(h Hold) int64 { return h.To - h.From }

// search computes a blame instant by instant. The holds are exclusive.
func search(holds []Hold, unknown []outcome.Span, w Wait) (b Blame) {
	covers := func(s outcome.Span, at int64) bool { return s.From <= at && at < s.To }
	for at := w.From; at < w.To; at++ {
		into := &b.Idle
		for _, s := range unknown {
			if covers(s, at) {
				into = &b.Unknown
			}
		}
		for _, hold := range holds {
			if covers(hold.Span, at) {
				if into = &b.Held; hold.By == w.By {
					into = &b.Own
				}
			}
		}
		*into++
	}
	holders := map[outcome.Participant]bool{}
	for _, hold := range holds {
		overlaps := hold.To > w.From && (hold.From < w.To || hold.From == w.From)
		if overlaps && hold.By != w.By {
			holders[hold.By] = true
			if length(hold) > length(b.Longest) {
				b.Longest = hold
			}
		}
	}
	b.Holders = len(holders)
	return b
}
