package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// ReadTrace reads what WriteTrace wrote.
func ReadTrace(in io.Reader) ([]Timeline, error) {
	var file struct {
		TraceEvents []event `json:"traceEvents"`
	}
	if err := json.NewDecoder(in).Decode(&file); err != nil {
		return nil, fmt.Errorf("no JSON object of trace events: %w", err)
	}
	var timelines []Timeline
	open := map[[2]int][]int{} // spans of a thread that have begun, by their places
	for _, e := range file.TraceEvents {
		if e.Name == processName && e.Args != nil {
			timelines = append(timelines, Timeline{Name: e.Args.Name})
			continue
		}
		if e.PID < 1 || e.PID > len(timelines) {
			return nil, fmt.Errorf("event %q of process %d, which has no name before it", e.Name, e.PID)
		}
		thread := [2]int{e.PID, e.TID}
		var err error
		if open[thread], err = timelines[e.PID-1].take(e, open[thread]); err != nil {
			return nil, err
		}
	}
	return timelines, nil
}

// take takes in an event of this timeline's, whose thread has these spans open, and returns which are open after it.
func (t *Timeline) take(e event, open []int) ([]int, error) {
	number := e.TID - firstTID
	if e.Name == threadName && number == len(t.Writers) {
		t.Writers = append(t.Writers, Writer{})
	}
	var spans *[]Span
	switch {
	case e.Phase == metadata || e.Name == round && e.Phase == begin:
		return open, nil
	case e.Name == round:
		t.Length = nanos(e.At)
		return open, nil
	case e.TID == lockTID:
		spans = &t.Lock
	case number < 0 || number >= len(t.Writers):
		return nil, fmt.Errorf("event %q of thread %d, which has no name before it", e.Name, e.TID)
	case e.Phase == instant:
		t.Writers[number].Ends = append(t.Writers[number].Ends, endOf(e))
		return open, nil
	default:
		spans = &t.Writers[number].Spans
	}
	if e.Phase == begin {
		*spans = append(*spans, Span{Kind: e.Name, From: nanos(e.At)})
		return append(open, len(*spans)-1), nil
	}
	if len(open) == 0 {
		return nil, fmt.Errorf("event %q of thread %d ends what has not begun", e.Name, e.TID)
	}
	last := len(open) - 1
	(*spans)[open[last]].To = nanos(e.At)
	return open[:last], nil
}

func endOf(e event) End {
	end := End{Kind: e.Name, At: nanos(e.At)}
	if e.Args != nil {
		end.Code = e.Args.Code
	}
	return end
}

func nanos(micros float64) int64 { return int64(math.Round(micros * 1000)) }
