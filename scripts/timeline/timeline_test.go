package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/bench/timeline"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

const ms = 1_000_000

// takingTurns is a round in which the writers hold the lock one after the other, for 1 ms each with
// 1 ms between. Every tenth gets the lock once without a commit, waits again, and ends in a lock
// error.
func takingTurns(name string, writers int) timeline.Timeline {
	t := timeline.Timeline{Name: name, Length: int64(2*writers) * ms}
	for n := range writers {
		from := int64(2*n+1) * ms
		w := timeline.Writer{
			Spans: []timeline.Span{
				{Kind: timeline.Opening, From: 0, To: ms / 2},
				{Kind: timeline.Waiting, From: ms / 2, To: from},
			},
			Ends: []timeline.End{{Kind: timeline.Acknowledged, At: from + ms}},
		}
		if n%10 == 9 {
			failed := timeline.Span{Kind: timeline.FailedHold, From: 3 * ms, To: 4 * ms}
			w.Spans = append(w.Spans, failed)
			w.Ends[0] = timeline.End{Kind: timeline.LockError, At: from + ms, Code: "SQLITE_BUSY"}
		} else {
			held := timeline.Span{Kind: timeline.Holding, From: from, To: from + ms}
			w.Spans = append(w.Spans, held)
		}
		t.Lock = append(t.Lock,
			timeline.Span{Kind: timeline.Idle, From: from - ms, To: from},
			timeline.Span{Kind: timeline.Held, From: from, To: from + ms})
		t.Writers = append(t.Writers, w)
	}
	slices.Reverse(t.Writers) // their numbers are not in the order of their acknowledgements
	return t
}

// newOutput is what benchmarks with these rounds write.
func newOutput(t *testing.T, rounds []timeline.Timeline) runner.Output {
	t.Helper()
	dir := t.TempDir()
	var text bytes.Buffer
	if err := timeline.WriteTrace(&text, rounds); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tracePath(dir), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	snap := &snapshot.Snapshot{Path: filepath.Join(dir, "tl.txt")}
	return runner.Output{Snapshot: snap, Scratch: dir}
}

// A picture shows a few writers all, and says how many of 500 it shows.
func TestPicturesAndTraceAreWritten(t *testing.T) {
	const name = "Burst/exec=process/journal=wal/writers=%d/busy=queue:60s"
	output := newOutput(t, []timeline.Timeline{
		takingTurns(fmt.Sprintf(name, 8), 8), takingTurns(fmt.Sprintf(name, 500), 500),
	})
	var out strings.Builder
	if err := report(t.Context(), &out, output); err != nil {
		t.Fatal(err)
	}
	for _, writers := range []string{"8", "500"} {
		t.Run(writers+" writers", func(t *testing.T) {
			path := snapshot.Sibling(output.Path, writers+".svg")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, writers+".golden", golden.SVGSummary(t, string(text)))
			golden.CheckText(t, string(text))
			if !strings.Contains(out.String(), path+" is written") {
				t.Errorf("printed %s", &out)
			}
		})
	}
	in, err := os.Open(snapshot.Sibling(output.Path, "trace.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if back, err := timeline.ReadTrace(in); err != nil || len(back) != 2 {
		t.Errorf("the trace has %d rounds, %v", len(back), err)
	}
}

func TestWhatAPictureShowsIsPrinted(t *testing.T) {
	round := takingTurns("Burst/exec=process/writers=10", 10)
	var out strings.Builder
	if err := report(t.Context(), &out, newOutput(t, []timeline.Timeline{round})); err != nil {
		t.Fatal(err)
	}
	want := "tl.svg is written.\n" +
		"  Burst exec=process writers=10: One round of 20 ms. 9 attempts acknowledged, 1\n" +
		"  ended in a lock error. The write lock was held for 50\u00a0% of the time, and idle\n" +
		"  while writers waited for 50\u00a0%.\n"
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("printed %s\nwant it to end with %s", &out, want)
	}
}

// newLongRound returns a round of 10 s with figures over its time, some of which are missing.
func newLongRound(writers int) timeline.Timeline {
	t := takingTurns(fmt.Sprintf("Sustained/writers=%d", writers), writers)
	t.Length = 10_000 * ms
	every := func(name string, value func(i int) float64) (s timeline.Series) {
		s.Name = name
		for i := range 100 {
			if v := value(i); v > 0 {
				at := int64(i*100+50) * ms
				s.Samples = append(s.Samples, timeline.Sample{At: at, Value: v})
			}
		}
		return s
	}
	t.Tracks = []timeline.Track{
		{
			Name: timeline.AckedTrack, Unit: timeline.Count, Every: 100 * ms,
			Series: []timeline.Series{
				every(timeline.Acknowledged, func(i int) float64 { return float64(200 + i) }),
			},
		},
		{
			Name: timeline.LatencyTrack, Unit: timeline.Nanoseconds, Every: 100 * ms,
			Series: []timeline.Series{
				// one between two gaps, and then all
				every(timeline.Median, func(i int) float64 {
					if i < 20 && i != 10 {
						return 0
					}
					return float64(i%7+1) * ms
				}),
				every(timeline.Maximum, func(i int) float64 { return float64(i+1) * 50 * ms }),
			},
		},
		{
			Name: "size of the WAL", Unit: timeline.Bytes, Series: []timeline.Series{
				every("wal", func(i int) float64 { return float64(i%40) * 3e5 }),
			},
		},
		{
			Name: "checkpoints", Spans: []timeline.Span{
				{Kind: "passive", From: 4000 * ms, To: 4100 * ms},
				{Kind: "passive", From: 8000 * ms, To: 8000*ms + 1},
				{Kind: "passive", From: 9500 * ms, To: 11_000 * ms},
			},
		},
	}
	return t
}

// A long round has a second picture, and the first one only if it has not too much to draw.
func TestLongRoundsAreDrawnOverTime(t *testing.T) {
	output := newOutput(t, []timeline.Timeline{newLongRound(8), newLongRound(20_000)})
	var out strings.Builder
	if err := report(t.Context(), &out, output); err != nil {
		t.Fatal(err)
	}
	path := snapshot.Sibling(output.Path, "8.series.svg")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "series.golden", golden.SVGSummary(t, string(text)))
	golden.CheckText(t, string(text))
	pictures, err := filepath.Glob(snapshot.Sibling(output.Path, "*.svg"))
	if err != nil || len(pictures) != 3 {
		t.Errorf("pictures are %q, %v, want 8.svg and two of figures over time", pictures, err)
	}
	words := strings.Join(strings.Fields(out.String()), " ") // the path is of any length
	for _, want := range []string{
		"20000.svg is not drawn: ",
		" Acknowledgements per 100 ms: median 249, min 200 at 50 ms, max 299 at 9.95 s. ",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("printed %s\nwithout %q", &out, want)
		}
	}
	for line := range strings.Lines(out.String()) {
		if !strings.Contains(line, output.Scratch) && len([]rune(line)) > 81 {
			t.Errorf("%q is longer than 80 columns", line)
		}
	}
}

func TestPicturesAreNamedForWhatDiffers(t *testing.T) {
	for _, c := range []struct {
		name        string
		names, want []string
	}{
		{"one round", []string{"Burst/writers=8/busy=5s"}, []string{"x.svg"}},
		{"one axis", []string{"Burst/writers=8/busy=5s", "Burst/writers=8/busy=queue:60s"},
			[]string{"x.5s.svg", "x.queue-60s.svg"}},
		{"benchmark and axis",
			[]string{"Burst/journal=wal/busy=5s", "Sustained/journal=delete/busy=5s"},
			[]string{"x.burst.wal.svg", "x.sustained.delete.svg"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rounds []timeline.Timeline
			for _, name := range c.names {
				rounds = append(rounds, timeline.Timeline{Name: name})
			}
			if got := picturePaths(rounds, "x.txt", "svg"); !slices.Equal(got, c.want) {
				t.Errorf("paths are %v, want %v", got, c.want)
			}
		})
	}
}

func TestRoundsThatCannotBeDrawn(t *testing.T) {
	for name, c := range map[string]struct {
		rounds []timeline.Timeline
		want   string
	}{
		"no round":      {nil, "no round to draw"},
		"no writers":    {[]timeline.Timeline{{Name: "Burst/x", Length: 5}}, "has no writers"},
		"too many ends": {[]timeline.Timeline{takingTurns("Burst/x", 20_000)}, "make it shorter"},
	} {
		t.Run(name, func(t *testing.T) {
			output := newOutput(t, c.rounds)
			err := report(t.Context(), io.Discard, output)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
			if left, _ := filepath.Glob(filepath.Join(output.Scratch, "tl.*svg*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestADamagedTraceIsAnError(t *testing.T) {
	output := newOutput(t, nil)
	if err := os.WriteFile(tracePath(output.Scratch), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := report(t.Context(), io.Discard, output); err == nil {
		t.Error("no error")
	}
}

func TestAnInterruptedReportStops(t *testing.T) {
	output := newOutput(t, []timeline.Timeline{takingTurns("Burst/x", 8)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := report(ctx, io.Discard, output); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
