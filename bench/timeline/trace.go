package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// event is a trace event, as Chrome's trace viewer, Perfetto and Firefox's profiler read it. Source: "Trace
// Event Format", Google, 2016 (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
// Each timeline is a process there, the lock and each writer a thread of it.
type event struct {
	Name  string  `json:"name"`
	Phase string  `json:"ph"`
	PID   int     `json:"pid"`
	TID   int     `json:"tid"`
	At    float64 `json:"ts"`            // in microseconds
	Took  float64 `json:"dur,omitempty"` // the same, of a span
	Scope string  `json:"s,omitempty"`   // of an instant
	Args  *args   `json:"args,omitempty"`
}

type args struct {
	Name string `json:"name,omitempty"` // of a process or thread
	Code string `json:"code,omitempty"` // of an attempt that gave up
}

// The phases of events.
const (
	complete = "X"
	instant  = "i"
	metadata = "M"
)

// The names of events that are neither a span's nor an end's.
const (
	processName = "process_name"
	threadName  = "thread_name"
	round       = "round"
)

// The threads: the lock is the first, the writers follow.
const (
	lockTID   = 1
	firstTID  = 2
	lockTitle = "write lock"
)

// WriteTrace writes timelines as a JSON object of trace events, one a line.
func WriteTrace(out io.Writer, timelines []Timeline) error {
	separator := `{"displayTimeUnit":"ms","traceEvents":[` + "\n"
	for i, t := range timelines {
		for _, e := range t.events(1 + i) {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(out, "%s%s", separator, text); err != nil {
				return err
			}
			separator = ",\n"
		}
	}
	if timelines == nil {
		fmt.Fprint(out, separator)
	}
	_, err := fmt.Fprint(out, "\n]}\n")
	return err
}

func (t Timeline) events(pid int) []event {
	events := []event{
		{Name: processName, Phase: metadata, PID: pid, Args: &args{Name: t.Name}},
		{Name: threadName, Phase: metadata, PID: pid, TID: lockTID, Args: &args{Name: lockTitle}},
		spanEvent(pid, lockTID, Span{round, 0, t.Length}),
	}
	for _, s := range t.Lock {
		events = append(events, spanEvent(pid, lockTID, s))
	}
	for number, w := range t.Writers {
		tid := firstTID + number
		events = append(events, event{Name: threadName, Phase: metadata, PID: pid, TID: tid, Args: &args{Name: fmt.Sprintf("writer %d", number)}})
		for _, s := range w.Spans {
			events = append(events, spanEvent(pid, tid, s))
		}
		for _, end := range w.Ends {
			e := event{Name: end.Kind, Phase: instant, PID: pid, TID: tid, At: micros(end.At), Scope: "t"}
			if end.Code != "" {
				e.Args = &args{Code: end.Code}
			}
			events = append(events, e)
		}
	}
	return events
}

func spanEvent(pid, tid int, s Span) event {
	return event{Name: s.Kind, Phase: complete, PID: pid, TID: tid, At: micros(s.From), Took: micros(s.To - s.From)}
}

func micros(ns int64) float64 { return float64(ns) / 1000 }

// ReadTrace reads what WriteTrace wrote.
func ReadTrace(in io.Reader) ([]Timeline, error) {
	var file struct {
		TraceEvents []event `json:"traceEvents"`
	}
	if err := json.NewDecoder(in).Decode(&file); err != nil {
		return nil, fmt.Errorf("no JSON object of trace events: %w", err)
	}
	var timelines []Timeline
	for _, e := range file.TraceEvents {
		if e.Name == processName && e.Args != nil {
			timelines = append(timelines, Timeline{Name: e.Args.Name})
			continue
		}
		if e.PID < 1 || e.PID > len(timelines) {
			return nil, fmt.Errorf("event %q of process %d, which has no name before it", e.Name, e.PID)
		}
		timelines[e.PID-1].take(e)
	}
	return timelines, nil
}

// take takes in an event of this timeline's.
func (t *Timeline) take(e event) {
	number := e.TID - firstTID
	from := nanos(e.At)
	switch {
	case e.Name == threadName && number == len(t.Writers):
		t.Writers = append(t.Writers, Writer{})
	case e.Name == round:
		t.Length = nanos(e.Took)
	case slices.Contains([]string{Held, Idle}, e.Name):
		t.Lock = append(t.Lock, Span{e.Name, from, from + nanos(e.Took)})
	case number < 0 || number >= len(t.Writers):
	case e.Phase == complete:
		t.Writers[number].Spans = append(t.Writers[number].Spans, Span{e.Name, from, from + nanos(e.Took)})
	case e.Phase == instant:
		end := End{Kind: e.Name, At: from}
		if e.Args != nil {
			end.Code = e.Args.Code
		}
		t.Writers[number].Ends = append(t.Writers[number].Ends, end)
	}
}

func nanos(micros float64) int64 { return int64(micros*1000 + 0.5) }
