package writer

import (
	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// runColdStart starts as a program does: it opens the file, sets the journal mode, creates the
// table if it is missing, and reads. It keeps the connection until the end of the round. If a step
// fails, it closes the connection at once, as a program that exits.
func (w *Writer) runColdStart(tail Tail) outcome.Series {
	o := outcome.Outcome{Start: clock.Now()}
	err := w.startByPolicy(&o)
	o.End = clock.Now()
	if err != nil {
		o.Code = resultCode(err)
		if !o.LockError() {
			o.LockWait = 0
			w.messages[0] = protocol.ShortText(err.Error())
		}
		w.err = w.giveUp()
	}
	if tail.Counted != nil {
		tail.Counted()
	}
	return outcome.Series{Outcomes: []outcome.Outcome{o}, Messages: w.messages}
}

// giveUp closes the connection of a cold start that failed.
func (w *Writer) giveUp() error {
	conn := w.cold
	if w.cold = nil; conn == nil {
		return nil
	}
	return conn.Close()
}

// startByPolicy makes a cold start under the scenario's busy policy and fills in o.
func (w *Writer) startByPolicy(o *outcome.Outcome) error {
	busy := w.task.Scenario.Busy
	switch busy.Policy {
	case scenario.Retry:
		w.retryUntil = o.Start + int64(busy.Timeout)
		err := w.start(o.Start, o)
		if sqlitedb.ResultCode(err).IsLock() {
			o.LockWait = clock.Now() - o.Start
		}
		return err
	case scenario.Queue, scenario.Lease:
		return w.inQueue(o.Start, o, func(now int64) error { return w.start(now, o) })
	}
	return w.start(o.Start, o)
}

// start makes the steps of a cold start, each under busy=retry until it succeeds or times out.
func (w *Writer) start(now int64, o *outcome.Outcome) (err error) {
	o.Phase = outcome.Open
	w.cold, err = sqlitedb.OpenCold(w.task.Database, w.task.Scenario)
	end := clock.Now()
	o.OpenDuration = end - now
	if err != nil {
		return err
	}
	for _, step := range sqlitedb.ColdSteps {
		if end, err = w.coldStep(end, step, o); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) coldStep(
	now int64, step outcome.Phase, o *outcome.Outcome,
) (end int64, err error) {
	for {
		var trace outcome.Trace
		trace, end, err = w.cold.Step(now, step)
		startWait(o, trace.WaitStart)
		o.Phase, o.LockWait = step, trace.LockWait
		if !w.retryAfter(err) {
			return end, err
		}
		now = clock.Now()
	}
}
