package timeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

// release is the instant at which the rounds here begin.
const release = 1_000_000

// newRound returns a round of three writers: one gets the lock at once, one waits for it after a
// transaction that failed and was retried, and one ends in a lock error.
func newRound(s outcome.Schedule) outcome.Round {
	at := func(us int64) int64 { return release + us*1000 }
	s.Release = release
	return outcome.Round{Schedule: s, Writers: []outcome.Series{
		{Outcomes: []outcome.Outcome{{
			Start: at(1),
			Trace: outcome.Trace{WaitStart: at(2), LockAcquired: at(3), LockReleased: at(10)},
			End:   at(12),
		}}},
		{
			Outcomes: []outcome.Outcome{{
				Start: at(4),
				Trace: outcome.Trace{WaitStart: at(4), LockAcquired: at(30), LockReleased: at(35)},
				End:   at(35),
			}},
			FailedHolds: []outcome.Span{{From: at(15), To: at(20)}},
		},
		{Outcomes: []outcome.Outcome{{
			Start: at(5), Trace: outcome.Trace{WaitStart: at(5)}, End: at(40), Code: outcome.Busy,
		}}},
	}}
}

// newTimeline returns the timeline of newRound in burst mode.
func newTimeline(name string) Timeline {
	return Timeline{
		Name:   name,
		Length: 40e3,
		Lock: []Span{
			{Idle, 2e3, 3e3}, {Held, 3e3, 10e3}, {Idle, 10e3, 15e3}, {Held, 15e3, 20e3},
			{Idle, 20e3, 30e3}, {Held, 30e3, 35e3}, {Idle, 35e3, 40e3},
		},
		Writers: []Writer{
			{
				Spans: []Span{
					{Opening, 1e3, 2e3}, {Waiting, 2e3, 3e3}, {Holding, 3e3, 10e3},
					{Closing, 10e3, 12e3},
				},
				Ends: []End{{Acknowledged, 12e3, ""}},
			},
			{
				Spans: []Span{
					{Waiting, 4e3, 30e3}, {FailedHold, 15e3, 20e3}, {Holding, 30e3, 35e3},
				},
				Ends: []End{{Acknowledged, 35e3, ""}},
			},
			{
				Spans: []Span{{Waiting, 5e3, 40e3}},
				Ends:  []End{{LockError, 40e3, "SQLITE_BUSY"}},
			},
		},
	}
}

func TestAWriterThatIsNotRefusedTheLockDoesNotWait(t *testing.T) {
	r := outcome.Round{Writers: []outcome.Series{{Outcomes: []outcome.Outcome{{
		Start: 100, Trace: outcome.Trace{LockAcquired: 130, LockReleased: 150}, End: 160,
	}}}}}
	want := Timeline{
		Length: 160,
		Lock:   []Span{{Held, 130, 150}},
		Writers: []Writer{{
			Spans: []Span{{Opening, 100, 130}, {Holding, 130, 150}, {Closing, 150, 160}},
			Ends:  []End{{Acknowledged, 160, ""}},
		}},
	}
	if diff := cmp.Diff(want, New("", r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTimelineOfABurst(t *testing.T) {
	got := New("Burst/writers=3", newRound(outcome.Schedule{}))
	if diff := cmp.Diff(newTimeline("Burst/writers=3"), got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestTimelineOfASustainedRoundEndsAtTheDeadline(t *testing.T) {
	schedule := outcome.Schedule{Mode: outcome.Sustained, Deadline: release + 33e3}
	got := New("Sustained/writers=3", newRound(schedule))
	last := got.Lock[len(got.Lock)-1]
	if got.Length != 33e3 || last != (Span{Held, 30e3, 33e3}) {
		t.Errorf("length is %d ns, last span %+v; want 33000 and held from 30000", got.Length, last)
	}
}

func writeTrace(t *testing.T, timelines []Timeline) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteTrace(&out, timelines); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func requireRead(t *testing.T, trace string, want []Timeline) {
	t.Helper()
	got, err := ReadTrace(strings.NewReader(trace))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timelines (-want +got):\n%s", diff)
	}
}

func TestTraceIsReadBack(t *testing.T) {
	for name, timelines := range map[string][]Timeline{
		"no timelines": nil,
		"three timelines": {
			newTimeline("Burst/writers=3"),
			newTimeline("Burst/writers=3/busy=\"<&"),
			{Name: "empty"},
		},
		"a timeline with tracks": {newTimelineWithTracks(), newTimeline("Burst/writers=3")},
	} {
		t.Run(name, func(t *testing.T) {
			trace := writeTrace(t, timelines)
			requireRead(t, trace, timelines)
			requireTraceEvents(t, trace)
		})
	}
}

// Traces written before the kinds were renamed must stay readable.
func TestFormerKindsAreRead(t *testing.T) {
	timelines := []Timeline{newTimeline("Burst/writers=3")}
	former := strings.NewReplacer(
		`"name":"`+FailedHold+`"`, `"name":"holding the write lock in vain"`,
		`"name":"`+Idle+`"`, `"name":"idle, somebody waits"`,
		`"name":"`+LockError+`"`, `"name":"gave up"`,
	).Replace(writeTrace(t, timelines))
	for name := range formerKinds {
		if !strings.Contains(former, name) {
			t.Fatalf("the trace does not contain %q", name)
		}
	}
	requireRead(t, former, timelines)
}

func TestCommittedTraceIsRead(t *testing.T) {
	file, err := os.Open("../../results/timeline.trace.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	timelines, err := ReadTrace(file)
	if err != nil || len(timelines) == 0 {
		t.Fatalf("%d timelines, %v", len(timelines), err)
	}
	known := map[string]bool{
		Opening: true, Waiting: true, Holding: true, FailedHold: true, Closing: true,
		Held: true, Idle: true, Acknowledged: true, LockError: true,
	}
	for _, timeline := range timelines {
		var kinds []string
		for _, s := range timeline.Lock {
			kinds = append(kinds, s.Kind)
		}
		for _, w := range timeline.Writers {
			for _, s := range w.Spans {
				kinds = append(kinds, s.Kind)
			}
			for _, e := range w.Ends {
				kinds = append(kinds, e.Kind)
			}
		}
		for _, kind := range kinds {
			if !known[kind] {
				t.Errorf("%s: unknown kind %q", timeline.Name, kind)
			}
		}
	}
}

// requireTraceEvents checks what trace viewers require: a name and an instant for each event, and
// on each thread an end for each beginning, the inner one first.
func requireTraceEvents(t *testing.T, text string) {
	t.Helper()
	var trace struct {
		TraceEvents []map[string]any `json:"traceEvents"`
	}
	if err := json.Unmarshal([]byte(text), &trace); err != nil {
		t.Fatal(err)
	}
	open := map[string][]any{}
	for _, e := range trace.TraceEvents {
		_, hasName := e["name"].(string)
		_, hasInstant := e["ts"].(float64)
		if !hasName || !hasInstant {
			t.Errorf("event %v has no name or no instant", e)
		}
		thread := fmt.Sprint(e["pid"], e["tid"])
		switch begun := open[thread]; e["ph"] {
		case "B":
			open[thread] = append(begun, e["name"])
		case "E":
			if len(begun) == 0 || begun[len(begun)-1] != e["name"] {
				t.Fatalf("event %v does not end the last of %v", e, begun)
			}
			open[thread] = begun[:len(begun)-1]
		case "i", "M", "C":
		default:
			t.Errorf("event %v has an unknown phase", e)
		}
	}
	for thread, names := range open {
		if len(names) > 0 {
			t.Errorf("thread %s: %v do not end", thread, names)
		}
	}
}

func TestReadTraceRejects(t *testing.T) {
	const start = `{"traceEvents":[`
	const process = start + `{"name":"process_name","ph":"M","pid":1,"tid":0,"ts":0,` +
		`"args":{"name":"x"}},`
	for _, c := range []struct{ name, text, want string }{
		{"an empty file", "", "is not a JSON object"},
		{"another file", "sqlite: 3\n", "is not a JSON object"},
		{"a truncated file", start + `{"na`, "is not a JSON object"},
		{
			"an event of an unnamed process",
			start + `{"name":"held","ph":"B","pid":1,"tid":1,"ts":0}]}`,
			"must follow the name of the process",
		},
		{
			"an event of an unnamed thread",
			process + `{"name":"held","ph":"B","pid":1,"tid":5,"ts":0}]}`,
			"thread 5 must follow the name",
		},
		{
			"a sample without a value",
			process + `{"name":"thread_name","ph":"M","pid":1,"tid":2,"ts":0,` +
				`"args":{"name":"x","track":true}},` +
				`{"name":"x: y","ph":"C","pid":1,"tid":2,"ts":0}]}`,
			`must have a value and the name of its track, "x"`,
		},
		{
			"an end without a beginning",
			process + `{"name":"held","ph":"E","pid":1,"tid":1,"ts":0}]}`,
			"must follow the beginning",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadTrace(strings.NewReader(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}
