package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
)

// ReadTrace reads what [WriteTrace] wrote, now or under former names of the kinds.
func ReadTrace(in io.Reader) ([]Timeline, error) {
	var file struct {
		TraceEvents []event `json:"traceEvents"`
	}
	if err := json.NewDecoder(in).Decode(&file); err != nil {
		return nil, fmt.Errorf("trace is not a JSON object with trace events: %w", err)
	}
	var timelines []Timeline
	open := map[[2]int][]int{} // by process and thread
	for _, e := range file.TraceEvents {
		if e.Name == processName && e.Args != nil {
			timelines = append(timelines, Timeline{Name: e.Args.Name})
			continue
		}
		if e.PID < 1 || e.PID > len(timelines) {
			return nil, fmt.Errorf("event %q of process %d must follow the name of the process",
				e.Name, e.PID)
		}
		thread := [2]int{e.PID, e.TID}
		var err error
		if open[thread], err = timelines[e.PID-1].add(e, open[thread]); err != nil {
			return nil, err
		}
	}
	return timelines, nil
}

// add adds an event of the timeline's process. open are the spans of the event's thread that have
// begun but not ended, by index. add returns those that are open after the event.
func (t *Timeline) add(e event, open []int) ([]int, error) {
	number := e.TID - firstTID
	if e.Name == threadName && number == len(t.Writers)+len(t.Tracks) {
		t.addThread(e.Args)
	}
	track := number - len(t.Writers)
	switch {
	case e.Phase == metadata || e.Name == round && e.Phase == begin:
		return open, nil
	case e.Name == round:
		t.Length = nanoseconds(e.At)
		return open, nil
	case e.TID == lockTID:
		return addSpan(&t.Lock, e, open)
	case track >= 0 && track < len(t.Tracks):
		if e.Phase == counter {
			return open, t.Tracks[track].add(e)
		}
		return addSpan(&t.Tracks[track].Spans, e, open)
	case number < 0 || number >= len(t.Writers):
		return nil, fmt.Errorf("event %q of thread %d must follow the name of the thread",
			e.Name, e.TID)
	case e.Phase == instant:
		t.Writers[number].Ends = append(t.Writers[number].Ends, newEnd(e))
		return open, nil
	}
	return addSpan(&t.Writers[number].Spans, e, open)
}

// addSpan adds the beginning or the end of a span of a thread. open is as in [Timeline.add].
func addSpan(spans *[]Span, e event, open []int) ([]int, error) {
	if e.Phase == begin {
		*spans = append(*spans, Span{Kind: kindNamed(e.Name), From: nanoseconds(e.At)})
		return append(open, len(*spans)-1), nil
	}
	if len(open) == 0 {
		return nil, fmt.Errorf("event %q of thread %d must follow the beginning of its span",
			e.Name, e.TID)
	}
	last := len(open) - 1
	(*spans)[open[last]].To = nanoseconds(e.At)
	return open[:last], nil
}

// addThread adds the writer or the track of a thread with a name. Tracks come last.
func (t *Timeline) addThread(a *args) {
	if a != nil && a.Track {
		t.Tracks = append(t.Tracks, Track{Name: a.Name, Unit: a.Unit, Every: a.Every})
	} else if len(t.Tracks) == 0 {
		t.Writers = append(t.Writers, Writer{})
	}
}

// add adds a sample.
func (t *Track) add(e event) error {
	name, ok := strings.CutPrefix(e.Name, t.Name+counterSeparator)
	if !ok || e.Args == nil || e.Args.Value == nil {
		return fmt.Errorf("event %q of thread %d must have a value and the name of its track, %q",
			e.Name, e.TID, t.Name)
	}
	if n := len(t.Series); n == 0 || t.Series[n-1].Name != name {
		t.Series = append(t.Series, Series{Name: name})
	}
	last := &t.Series[len(t.Series)-1]
	last.Samples = append(last.Samples, Sample{nanoseconds(e.At), *e.Args.Value})
	return nil
}

func newEnd(e event) End {
	end := End{Kind: kindNamed(e.Name), At: nanoseconds(e.At)}
	if e.Args != nil {
		end.Code = e.Args.Code
	}
	return end
}

// formerKinds maps names of kinds in older traces to today's.
var formerKinds = map[string]string{
	"holding the write lock in vain": FailedHold,
	"idle, somebody waits":           Idle,
	"gave up":                        LockError,
}

// kindNamed returns the kind of the event of this name.
func kindNamed(name string) string {
	if kind, ok := formerKinds[name]; ok {
		return kind
	}
	return name
}

func nanoseconds(micros float64) int64 { return int64(math.Round(micros * 1000)) }
