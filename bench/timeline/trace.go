package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// event is a trace event, as Chrome's trace viewer, Perfetto and Firefox's profiler read it. Each
// timeline is a process there, and the lock, each writer and each track are threads of it. Source:
// "Trace Event Format", Google, 2016
// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
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
	Code string `json:"code,omitempty"` // of an attempt that ended in a lock error
	// Of a track: Value stands with each of its samples, the others with the name of its thread.
	Track bool     `json:"track,omitempty"`
	Unit  Unit     `json:"unit,omitempty"`
	Every int64    `json:"every-ns,omitempty"`
	Value *float64 `json:"value,omitempty"`
}

// Phases of events. A span is two events, its beginning and its end, and not one with a duration,
// so that it ends exactly where the next one begins: instants are not whole microseconds, and sums
// of such numbers are not exact.
const (
	begin    = "B"
	finish   = "E"
	instant  = "i"
	counter  = "C"
	metadata = "M"
)

// Names of events that are neither spans nor ends of attempts.
const (
	processName = "process_name"
	threadName  = "thread_name"
	round       = "round"
)

// Threads: the lock comes first, the writers follow, and then the tracks.
const (
	lockTID   = 1
	firstTID  = 2
	lockTitle = "write lock"
)

// WriteTrace writes timelines as a JSON object of trace events, one event on each line.
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
	lock := &args{Name: lockTitle}
	events := []event{
		{Name: processName, Phase: metadata, PID: pid, Args: &args{Name: t.Name}},
		{Name: threadName, Phase: metadata, PID: pid, TID: lockTID, Args: lock},
	}
	spans := append([]Span{{round, 0, t.Length}}, t.Lock...)
	events = append(events, spanEvents(pid, lockTID, spans)...)
	for number, w := range t.Writers {
		tid, title := firstTID+number, &args{Name: fmt.Sprintf("writer %d", number)}
		events = append(events,
			event{Name: threadName, Phase: metadata, PID: pid, TID: tid, Args: title})
		events = append(events, spanEvents(pid, tid, w.Spans)...)
		for _, end := range w.Ends {
			e := event{
				Name: end.Kind, Phase: instant, PID: pid, TID: tid, At: microseconds(end.At),
				Scope: "t",
			}
			if end.Code != "" {
				e.Args = &args{Code: end.Code}
			}
			events = append(events, e)
		}
	}
	for i, track := range t.Tracks {
		events = append(events, track.events(pid, firstTID+len(t.Writers)+i)...)
	}
	return events
}

// events returns the events of a track. Each of its series is a counter, which viewers draw by
// itself: they would add up the series of a single one.
func (t Track) events(pid, tid int) []event {
	title := &args{Name: t.Name, Track: true, Unit: t.Unit, Every: t.Every}
	events := []event{{Name: threadName, Phase: metadata, PID: pid, TID: tid, Args: title}}
	for _, s := range t.Series {
		for _, sample := range s.Samples {
			events = append(events, event{
				Name: t.Name + counterSeparator + s.Name, Phase: counter, PID: pid, TID: tid,
				At: microseconds(sample.At), Args: &args{Value: &sample.Value},
			})
		}
	}
	return append(events, spanEvents(pid, tid, t.Spans)...)
}

// counterSeparator is between the names of a track and of its series.
const counterSeparator = ": "

// spanEvents returns the events of spans in the order of their starts, each of which lies after the
// previous one or within it.
func spanEvents(pid, tid int, spans []Span) (events []event) {
	var open []Span
	add := func(s Span, phase string, at int64) {
		events = append(events,
			event{Name: s.Kind, Phase: phase, PID: pid, TID: tid, At: microseconds(at)})
	}
	finishUntil := func(at int64) {
		for len(open) > 0 && open[len(open)-1].To <= at {
			inner := open[len(open)-1]
			open = open[:len(open)-1]
			add(inner, finish, inner.To)
		}
	}
	for _, s := range spans {
		finishUntil(s.From)
		add(s, begin, s.From)
		open = append(open, s)
	}
	finishUntil(math.MaxInt64)
	return events
}

func microseconds(ns int64) float64 { return float64(ns) / 1000 }
