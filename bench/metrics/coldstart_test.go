package metrics

import (
	"testing"

	"busybench/bench/outcome"
)

// Of eight participants one is refused in each of two steps, two in a third, and one in the queue.
func TestLockErrorsOfAColdStartByStep(t *testing.T) {
	r := outcome.Round{Schedule: outcome.Schedule{Mode: outcome.ColdStart, Release: 100}}
	add := func(phase outcome.Phase, code outcome.Code, end int64) {
		o := outcome.Outcome{
			Start: 110, End: end, Code: code, Trace: outcome.Trace{Phase: phase},
		}
		r.Writers = append(r.Writers, outcome.Series{Outcomes: []outcome.Outcome{o}})
	}
	add(outcome.Journal, outcome.Busy, 120)
	add(outcome.Journal, outcome.BusyRecovery, 120)
	add(outcome.Schema, outcome.BusySnapshot, 130)
	add(outcome.FirstRead, outcome.Busy, 900)
	add(outcome.Queue, outcome.QueueTimeout, 200)
	add(outcome.FirstRead, 0, 300)
	add(outcome.FirstRead, 0, 500)
	add(outcome.FirstRead, 0, 400)
	c := NewCollector(outcome.ColdStart)
	c.Add(r)
	for unit, want := range map[string]float64{
		JournalErrors: 25, SchemaErrors: 12.5, FirstReadErrors: 12.5, LockErrorPercent: 62.5,
		LastAck: 400, NsPerOp: 800, Max: 800, AckedP50: 300, Overlap: 8,
	} {
		if got := value(c, unit); got != want {
			t.Errorf("%s is %v, want %v", unit, got, want)
		}
	}
}
