package timeline

import (
	"busybench/bench/outcome"
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// release is the instant at which the round here began.
const release = 1_000_000

// round3 is three writers: one that gets the lock at once, one that waits for it after a try in vain,
// one that gives up.
func round3(s outcome.Schedule) outcome.Round {
	at := func(us int64) int64 { return release + us*1000 }
	writers := []outcome.Series{
		{Outcomes: []outcome.Outcome{{Start: at(1), Trace: outcome.Trace{WaitStart: at(2), LockAcquired: at(3), LockReleased: at(10)}, End: at(12)}}},
		{Outcomes: []outcome.Outcome{{Start: at(4), Trace: outcome.Trace{WaitStart: at(4), LockAcquired: at(30), LockReleased: at(35)}, End: at(35)}},
			FailedHolds: []outcome.Span{{From: at(15), To: at(20)}}},
		{Outcomes: []outcome.Outcome{{Start: at(5), Trace: outcome.Trace{WaitStart: at(5)}, End: at(40), Code: outcome.Busy}}},
	}
	s.Release = release
	return outcome.Round{Schedule: s, Writers: writers}
}

func want3() Timeline {
	return Timeline{
		Name:   "Burst/writers=3",
		Length: 40e3,
		Lock: []Span{
			{Idle, 2e3, 3e3}, {Held, 3e3, 10e3}, {Idle, 10e3, 15e3}, {Held, 15e3, 20e3},
			{Idle, 20e3, 30e3}, {Held, 30e3, 35e3}, {Idle, 35e3, 40e3},
		},
		Writers: []Writer{
			{[]Span{{Opening, 1e3, 2e3}, {Waiting, 2e3, 3e3}, {Holding, 3e3, 10e3}, {Closing, 10e3, 12e3}}, []End{{Acknowledged, 12e3, ""}}},
			{[]Span{{Waiting, 4e3, 30e3}, {InVain, 15e3, 20e3}, {Holding, 30e3, 35e3}}, []End{{Acknowledged, 35e3, ""}}},
			{[]Span{{Waiting, 5e3, 40e3}}, []End{{GaveUp, 40e3, "SQLITE_BUSY"}}},
		},
	}
}

func TestNew(t *testing.T) {
	if got, want := New("Burst/writers=3", round3(outcome.Schedule{})), want3(); !reflect.DeepEqual(got, want) {
		t.Errorf("timeline is\n%+v, want\n%+v", got, want)
	}
	sustained := New("Sustained/writers=3", round3(outcome.Schedule{Mode: outcome.Sustained, Deadline: release + 33e3}))
	if last := sustained.Lock[len(sustained.Lock)-1]; sustained.Length != 33e3 || last != (Span{Held, 30e3, 33e3}) {
		t.Errorf("a round of 33 us is %d ns long, and ends with %+v", sustained.Length, last)
	}
}

func TestTraceIsReadBack(t *testing.T) {
	second := want3()
	second.Name = "Burst/writers=3/busy=\"<&"
	want := []Timeline{want3(), second, {Name: "empty"}}
	var out bytes.Buffer
	if err := WriteTrace(&out, want); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	got, err := ReadTrace(&out)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read back %v\n%+v, want\n%+v", err, got, want)
	}
	requireTraceEvents(t, text)
}

// requireTraceEvents asks for what trace viewers ask for: a name and an instant for each event, and on each thread
// ends that follow their beginnings, the inner one first, none left open.
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
		_, named := e["name"].(string)
		_, at := e["ts"].(float64)
		if !named || !at {
			t.Errorf("event %v", e)
		}
		thread := fmt.Sprint(e["pid"], e["tid"])
		switch begun := open[thread]; e["ph"] {
		case "B":
			open[thread] = append(begun, e["name"])
		case "E":
			if len(begun) == 0 || begun[len(begun)-1] != e["name"] {
				t.Fatalf("event %v ends none of %v", e, begun)
			}
			open[thread] = begun[:len(begun)-1]
		case "i", "M":
		default:
			t.Errorf("event %v", e)
		}
	}
	for thread, names := range open {
		if len(names) > 0 {
			t.Errorf("thread %s: %v never end", thread, names)
		}
	}
}

func TestNoTimelinesAreStillATrace(t *testing.T) {
	var out bytes.Buffer
	if err := WriteTrace(&out, nil); err != nil {
		t.Fatal(err)
	}
	requireTraceEvents(t, out.String())
	if got, err := ReadTrace(&out); err != nil || len(got) != 0 {
		t.Errorf("read back %v, %v", got, err)
	}
}

const strangers = `{"traceEvents":[{"name":"process_name","ph":"M","pid":1,"tid":0,"ts":0,"args":{"name":"x"}},`

func TestReadTraceRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "no JSON object",
		"sqlite: 3\n":          "no JSON object",
		`{"traceEvents":[{"na`: "no JSON object",
		`{"traceEvents":[{"name":"held","ph":"B","pid":1,"tid":1,"ts":0}]}`: "has no name before it",
		strangers + `{"name":"held","ph":"B","pid":1,"tid":5,"ts":0}]}`:     "thread 5, which has no name",
		strangers + `{"name":"held","ph":"E","pid":1,"tid":1,"ts":0}]}`:     "ends what has not begun",
	} {
		if _, err := ReadTrace(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
