package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// event is a trace event, as Chrome's trace viewer, Perfetto and Firefox's profiler read it. Source: "Trace
// Event Format", Google, 2016 (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
// Each timeline is a process there, the lock and each writer a thread of it.
type event struct {
	Name  string  `json:"name"`
	Phase string  `json:"ph"`
	PID   int     `json:"pid"`
	TID   int     `json:"tid"`
	At    float64 `json:"ts"`          // in microseconds
	Scope string  `json:"s,omitempty"` // of an instant
	Args  *args   `json:"args,omitempty"`
}

type args struct {
	Name string `json:"name,omitempty"` // of a process or thread
	Code string `json:"code,omitempty"` // of an attempt that gave up
}

// The phases of events. A span is a beginning and an end rather than one event with a duration, so that one ends exactly where the
// next begins: microseconds are no whole numbers, and their sums are not exact.
const (
	begin    = "B"
	finish   = "E"
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
	separator := ""
	if _, err := fmt.Fprint(out, `{"displayTimeUnit":"ms","traceEvents":[`); err != nil {
		return err
	}
	for i, t := range timelines {
		for _, e := range t.events(1 + i) {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(out, "%s\n%s", separator, text); err != nil {
				return err
			}
			separator = ","
		}
	}
	_, err := fmt.Fprint(out, "\n]}\n")
	return err
}

func (t Timeline) events(pid int) []event {
	events := []event{
		{Name: processName, Phase: metadata, PID: pid, Args: &args{Name: t.Name}},
		{Name: threadName, Phase: metadata, PID: pid, TID: lockTID, Args: &args{Name: lockTitle}},
	}
	events = append(events, spanEvents(pid, lockTID, append([]Span{{round, 0, t.Length}}, t.Lock...))...)
	for number, w := range t.Writers {
		tid := firstTID + number
		events = append(events, event{Name: threadName, Phase: metadata, PID: pid, TID: tid, Args: &args{Name: fmt.Sprintf("writer %d", number)}})
		events = append(events, spanEvents(pid, tid, w.Spans)...)
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

// spanEvents are the beginnings and ends of spans that are in order, one behind the other or one within the other.
func spanEvents(pid, tid int, spans []Span) (events []event) {
	var open []Span
	end := func(until int64) {
		for len(open) > 0 && open[len(open)-1].To <= until {
			inner := open[len(open)-1]
			open = open[:len(open)-1]
			events = append(events, event{Name: inner.Kind, Phase: finish, PID: pid, TID: tid, At: micros(inner.To)})
		}
	}
	for _, s := range spans {
		end(s.From)
		events = append(events, event{Name: s.Kind, Phase: begin, PID: pid, TID: tid, At: micros(s.From)})
		open = append(open, s)
	}
	end(math.MaxInt64)
	return events
}

func micros(ns int64) float64 { return float64(ns) / 1000 }
