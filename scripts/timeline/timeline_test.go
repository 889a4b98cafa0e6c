package main

import (
	"bytes"
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

// inTurn is a round in which so many writers hold the lock one after the other, for 1 ms each with 1 ms between, but
// for every tenth, which tries in vain and gives up.
func inTurn(name string, writers int) timeline.Timeline {
	t := timeline.Timeline{Name: name, Length: int64(2*writers) * ms}
	for n := range writers {
		from := int64(2*n+1) * ms
		w := timeline.Writer{
			Spans: []timeline.Span{{Kind: timeline.Opening, From: 0, To: ms / 2}, {Kind: timeline.Waiting, From: ms / 2, To: from}},
			Ends:  []timeline.End{{Kind: timeline.Acknowledged, At: from + ms}},
		}
		if n%10 == 9 {
			w.Spans = append(w.Spans, timeline.Span{Kind: timeline.FailedHold, From: 3 * ms, To: 4 * ms})
			w.Ends[0] = timeline.End{Kind: timeline.LockError, At: from + ms, Code: "SQLITE_BUSY"}
		} else {
			w.Spans = append(w.Spans, timeline.Span{Kind: timeline.Holding, From: from, To: from + ms})
		}
		t.Lock = append(t.Lock, timeline.Span{Kind: timeline.Idle, From: from - ms, To: from}, timeline.Span{Kind: timeline.Held, From: from, To: from + ms})
		t.Writers = append(t.Writers, w)
	}
	slices.Reverse(t.Writers) // the order of their numbers is not that of their answers
	return t
}

// made is a run that left rounds.
func made(t *testing.T, rounds []timeline.Timeline) runner.Run {
	t.Helper()
	dir := t.TempDir()
	var text bytes.Buffer
	if err := timeline.WriteTrace(&text, rounds); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(traceIn(dir), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return runner.Run{Snapshot: &snapshot.Snapshot{Path: filepath.Join(dir, "tl.txt")}, Scratch: dir}
}

// A few writers are all drawn; of 500 it is said how many are.
func TestTimelines(t *testing.T) {
	m := made(t, []timeline.Timeline{inTurn("Burst/exec=process/journal=wal/writers=8/busy=queue:60s", 8), inTurn("Burst/exec=process/journal=wal/writers=500/busy=queue:60s", 500)})
	var out strings.Builder
	if err := answer(&out, m); err != nil {
		t.Fatal(err)
	}
	for _, writers := range []string{"8", "500"} {
		path := snapshot.Sibling(m.Path, writers+".svg")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, writers+".golden", golden.SVGSummary(t, string(text)))
		if !strings.Contains(out.String(), path+" is written") {
			t.Errorf("said %s", &out)
		}
	}
	in, err := os.Open(snapshot.Sibling(m.Path, "trace.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if back, err := timeline.ReadTrace(in); err != nil || len(back) != 2 {
		t.Errorf("the trace holds %d rounds, %v", len(back), err)
	}
}

func TestFileNamesSayWhatDiffers(t *testing.T) {
	for _, c := range []struct{ names, want []string }{
		{[]string{"Burst/writers=8/busy=5s"}, []string{"x.svg"}},
		{[]string{"Burst/writers=8/busy=5s", "Burst/writers=8/busy=queue:60s"}, []string{"x.5s.svg", "x.queue-60s.svg"}},
		{[]string{"Burst/journal=wal/busy=5s", "Sustained/journal=delete/busy=5s"}, []string{"x.burst.wal.svg", "x.sustained.delete.svg"}},
	} {
		var rounds []timeline.Timeline
		for _, name := range c.names {
			rounds = append(rounds, timeline.Timeline{Name: name})
		}
		if got := pathsOf(rounds, "x.txt"); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.names, got, c.want)
		}
	}
}

func TestTimelineRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		rounds []timeline.Timeline
		says   string
	}{
		"nothing": {nil, "no round to draw"},
		"nobody":  {[]timeline.Timeline{{Name: "Burst/x", Length: 5}}, "has no writers"},
		"endless": {[]timeline.Timeline{inTurn("Burst/x", 20_000)}, "make it shorter"},
	} {
		m := made(t, c.rounds)
		if err := answer(&strings.Builder{}, m); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
		if left, _ := filepath.Glob(filepath.Join(m.Scratch, "tl.*svg*")); left != nil {
			t.Errorf("%s: left %v", name, left)
		}
	}
	m := made(t, nil)
	if err := os.WriteFile(traceIn(m.Scratch), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := answer(&strings.Builder{}, m); err == nil {
		t.Error("a damaged trace was drawn")
	}
}
