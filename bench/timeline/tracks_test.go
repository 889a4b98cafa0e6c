package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

const ms = 1_000_000

// newTimelineWithTracks returns a timeline with a track of samples at irregular times and one of
// spans.
func newTimelineWithTracks() Timeline {
	t := newTimeline("Sustained/writers=3")
	t.Tracks = []Track{
		{Name: LatencyTrack, Unit: Nanoseconds, Every: bucket, Series: []Series{
			{Name: Median, Samples: []Sample{{50 * ms, 3}, {150 * ms, 0}}},
			{Name: Maximum, Samples: []Sample{{150 * ms, 1}}},
		}},
		{Name: "checkpoints", Spans: []Span{{"passive", 10 * ms, 20 * ms}, {"full", 30e6, 40e6}}},
		{Name: "size of the WAL: all", Unit: Bytes, Series: []Series{
			{Name: "-wal", Samples: []Sample{{3 * ms, 4096.5}}},
		}},
	}
	return t
}

// newLongRound returns a sustained round of some length in which one writer is acknowledged at 40
// and 70 ms, after 40 and 30 ms, and another one ends in a lock error at 230 ms, and is then
// acknowledged at the end of the first 9.9 s, and after the deadline.
func newLongRound(length int64) outcome.Round {
	attempt := func(from, to int64, code outcome.Code) outcome.Outcome {
		return outcome.Outcome{Start: release + from*ms, End: release + to*ms, Code: code}
	}
	return outcome.Round{
		Schedule: outcome.Schedule{
			Mode: outcome.Sustained, Release: release, Deadline: release + length*ms,
		},
		Writers: []outcome.Series{
			{Outcomes: []outcome.Outcome{attempt(0, 40, 0), attempt(40, 70, 0)}},
			{Outcomes: []outcome.Outcome{
				attempt(0, 230, outcome.Busy), attempt(230, 9900, 0),
				attempt(9900, length+10, 0),
			}},
		},
	}
}

func TestTracksOfALongRound(t *testing.T) {
	tracks := New("", newLongRound(10_050)).Tracks
	if len(tracks) != 3 {
		t.Fatalf("tracks are %+v", tracks)
	}
	counts := map[string]map[int64]float64{} // those above 0
	for _, s := range append(tracks[0].Series, tracks[1].Series...) {
		counts[s.Name] = map[int64]float64{}
		if len(s.Samples) != 100 {
			t.Errorf("%s has %d samples, want one for each whole bucket", s.Name, len(s.Samples))
		}
		for _, sample := range s.Samples {
			if sample.Value > 0 {
				counts[s.Name][sample.At/ms] = sample.Value
			}
		}
	}
	want := map[string]map[int64]float64{
		Acknowledged: {50: 2, 9950: 1}, LockError: {250: 1},
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	latency := Track{Name: LatencyTrack, Unit: Nanoseconds, Every: bucket, Series: []Series{
		{Median, []Sample{{50 * ms, 30 * ms}, {9950 * ms, 9670 * ms}}},
		{Maximum, []Sample{{50 * ms, 40 * ms}, {9950 * ms, 9670 * ms}}},
	}}
	if diff := cmp.Diff(latency, tracks[2]); diff != "" {
		t.Errorf("latency (-want +got):\n%s", diff)
	}
}

func TestLockErrorsAreATrackOnlyIfThereAreAny(t *testing.T) {
	r := newLongRound(10_000)
	r.Writers = r.Writers[:1]
	tracks := New("", r).Tracks
	if len(tracks) != 2 || tracks[0].Name != AckedTrack || tracks[1].Name != LatencyTrack {
		t.Errorf("tracks are %+v", tracks)
	}
}

func TestOnlyLongSustainedRoundsHaveTracks(t *testing.T) {
	burst := newLongRound(10_000)
	burst.Mode = outcome.Burst
	for name, c := range map[string]struct {
		round outcome.Round
		want  bool
	}{
		"10 s":         {newLongRound(10_000), true},
		"9.999 s":      {newLongRound(9_999), false},
		"a long burst": {burst, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := New("", c.round)
			if (got.Tracks != nil) != c.want || got.HasFigures() != c.want {
				t.Errorf("has tracks %+v, want any: %v", got.Tracks, c.want)
			}
		})
	}
}

// Those of the tail, in which connections may be closed, are left out.
func TestSizesOfTheLogAreATrack(t *testing.T) {
	r := newLongRound(10_000)
	r.WALSizes = []outcome.Size{
		{At: release + 100*ms, Bytes: 32}, {At: release + 10_000*ms, Bytes: 4152},
		{At: release + 10_100*ms, Bytes: 9000},
	}
	tracks := New("", r).Tracks
	want := Track{Name: WALTrack, Unit: Bytes, Series: []Series{
		{Name: "B", Samples: []Sample{{100 * ms, 32}, {10_000 * ms, 4152}}},
	}}
	if diff := cmp.Diff(want, tracks[len(tracks)-1]); diff != "" {
		t.Errorf("track (-want +got):\n%s", diff)
	}
}

// Also a short round has them.
func TestCheckpointsAndIntrudersAreTracks(t *testing.T) {
	action := func(
		phase outcome.Phase, from, wait, lock, to int64, code outcome.Code,
	) outcome.Outcome {
		o := outcome.Outcome{Start: release + from, End: release + to, Code: code}
		o.Phase = phase
		if wait != 0 {
			o.WaitStart, o.LockAcquired = release+wait, release+lock
		}
		return o
	}
	r := newLongRound(50)
	r.Checkpointers = []outcome.Series{{Outcomes: []outcome.Outcome{
		action(outcome.Checkpoint, 1, 0, 0, 3, 0),
		action(outcome.Checkpoint, 5, 0, 0, 9, outcome.Busy),
	}}}
	r.Intruders = []outcome.Series{{Outcomes: []outcome.Outcome{
		action(outcome.Lock, 20, 21, 25, 30, 0),
	}}}
	got := New("x", r)
	want := []Track{
		{Name: CheckpointTrack, Spans: []Span{{Finished, 1, 3}, {Unfinished, 5, 9}}},
		{Name: IntruderTrack, Spans: []Span{{Waiting, 21, 25}, {"lock", 25, 30}}},
	}
	if diff := cmp.Diff(want, got.Tracks); diff != "" || got.HasFigures() {
		t.Errorf("tracks (-want +got):\n%s", diff)
	}
	r.Intruders[0].Outcomes = []outcome.Outcome{action(outcome.Vacuum, 20, 0, 0, 30, outcome.Busy)}
	if got := New("x", r).Tracks[1].Spans; len(got) != 1 || got[0] != (Span{Waiting, 20, 30}) {
		t.Errorf("an intruder that is refused is %+v", got)
	}
}
