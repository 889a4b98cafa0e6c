package writer

import (
	"errors"
	"time"

	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// Under busy=retry a writer sleeps between two tries for a random time of this range. An idle Go
// program rounds its sleeps up to whole milliseconds, as a service's own retry loop would see.
const (
	shortestRetry = 500 * time.Microsecond
	longestRetry  = 1500 * time.Microsecond
)

// errQueueTimeout ends an attempt whose place in the queue did not come up in time.
var errQueueTimeout = errors.New("gave up waiting in the queue")

// underPolicy makes an attempt as the scenario's busy policy says, and notes in o what
// came of it. Policies that SQLite or the driver carry out were set on the connection.
func (w *Writer) underPolicy(o *Outcome) error {
	switch w.task.Scenario.Busy.Policy {
	case scenario.Retry:
		return w.retry(o)
	case scenario.Queue:
		return w.inQueue(o)
	}
	return w.try(o.Start, o, nil)
}

// retry tries until it meets no lock, or until its bound.
func (w *Writer) retry(o *Outcome) error {
	bound := o.Start + int64(w.task.Scenario.Busy.Timeout)
	err := w.try(o.Start, o, func() bool { return w.sleep(bound) })
	if sqlitedb.CodeOf(err).IsLock() {
		o.Waited = host.Now() - o.Asked
	}
	return err
}

// sleep sleeps for a short random time, not beyond the bound, and reports whether that lies ahead.
func (w *Writer) sleep(bound int64) bool {
	left := time.Duration(bound - host.Now())
	if left <= 0 {
		return false
	}
	time.Sleep(min(w.nap(), left))
	return true
}

func (w *Writer) nap() time.Duration {
	return shortestRetry + time.Duration(w.jitter.Int64N(int64(longestRetry-shortestRetry)))
}

// inQueue waits for its turn, tries once, and lets the next writer in after its last act.
func (w *Writer) inQueue(o *Outcome) error {
	ok, atOnce, err := w.queue.enter(w.task.Scenario.Busy.Timeout)
	if !atOnce {
		o.Asked = o.Start
	}
	if err != nil {
		o.Phase = sqlitedb.Queue
		return err
	}
	if !ok {
		o.Phase, o.Waited = sqlitedb.Queue, host.Now()-o.Start
		return errQueueTimeout
	}
	err = w.try(host.Now(), o, nil)
	if leaveErr := w.queue.leave(); err == nil {
		err = leaveErr
	}
	return err
}
