package writer

import (
	"errors"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// queue is a lock that all writers of a database wait for, also those of other processes.
type queue interface {
	tryAcquire() (acquired bool, err error)
	acquire(timeout time.Duration) (acquired bool, err error)
	release() error
	close() error
}

func openQueue(database string, b scenario.Busy) (queue, error) {
	if b.Policy == scenario.Lease {
		return openTurnstile(database)
	}
	return openLockFile(lockFileName(database))
}

// lease is the time for which a writer keeps the lock file under busy=lease. The others wait for
// that long, and for that long it need not wake one of them after each transaction.
type lease struct {
	kept  bool // between two attempts, unless the writer pauses
	held  bool
	until int64
}

// keepLease says that the writer will write again and again in a round.
func (w *Writer) keepLease(mode outcome.Mode) {
	s := w.task.Scenario
	w.lease.kept = s.Busy.Policy == scenario.Lease && mode == outcome.Sustained &&
		s.Think.Duration == 0 && s.Conn.Kind != scenario.GroupWrite
}

// renew reports whether the writer has the lock file: from an earlier attempt, or because it was
// free.
func (w *Writer) renew() (acquired bool, err error) {
	if w.leased() {
		return true, nil
	}
	if err := w.endLease(); err != nil {
		return false, err
	}
	return w.queue.tryAcquire()
}

// startLease begins a lease at an instant at which the writer has the lock file, unless it has one.
func (w *Writer) startLease(now int64) {
	if !w.lease.held {
		w.lease.held = true
		w.lease.until = now + int64(w.task.Scenario.Busy.Interval)
	}
}

// leased reports whether the writer has the lock file and may keep it for another attempt.
func (w *Writer) leased() bool {
	return w.lease.held && w.lease.kept && clock.Now() < w.lease.until
}

// endLease releases the lock file if the writer has it.
func (w *Writer) endLease() error {
	if !w.lease.held {
		return nil
	}
	w.lease.held = false
	return w.queue.release()
}

// rest ends a lease because the writer has nothing to write. An error is reported when the writer
// is closed.
func (w *Writer) rest() { w.err = errors.Join(w.err, w.endLease()) }
