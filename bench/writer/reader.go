package writer

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// Reader is a reader that is ready for one round. It has a connection of its own, whatever the
// writers have, and does not queue with them. [NewReader] returns one, which must be closed after
// the round.
type Reader struct {
	task protocol.Task
	conn *sqlitedb.Reader
	retrier
	err error // of a read, other than a lock error
}

// NewReader returns a reader that has connected.
func NewReader(task protocol.Task) (*Reader, error) {
	random := rand.New(rand.NewPCG(task.Seed, uint64(task.Number)))
	conn, err := sqlitedb.ConnectReader(task.Database, task.Scenario, random)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if task.SQL != nil {
		if err := conn.Use(task.SQL); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return &Reader{task: task, conn: conn, retrier: newRetrier(task)}, nil
}

// Run reads once, and again after the scenario's pause until the tail is over, or until a read
// fails other than by a lock error, which [Reader.Close] reports. Its caller has waited for the
// release. Reads that begin after the deadline of a sustained round only keep up the load: there
// may be many, and no figure has them.
func (r *Reader) Run(s outcome.Schedule, tail Tail) outcome.Series {
	reads := newChunks(outcome.Sustained)
	r.loop(tail.Over, func(o outcome.Outcome) {
		if s.Mode == outcome.Burst || o.Start < s.Deadline {
			reads.add(o)
		}
	})
	return outcome.Series{Outcomes: reads.join(), Statements: r.conn.Statements()}
}

// Watch reads as [Reader.Run] does, but keeps no outcomes.
func (r *Reader) Watch(over func() bool) { r.loop(over, func(outcome.Outcome) {}) }

func (r *Reader) loop(over func() bool, report func(outcome.Outcome)) {
	hold := func(length time.Duration) { sleepUntil(clock.Now()+int64(length), over) }
	for now := clock.Now(); ; {
		o, err := r.read(now, hold)
		o.Code = sqlitedb.ResultCode(err)
		if err != nil && !o.LockError() {
			r.err = err
			return
		}
		report(o)
		now = think(r.task.Scenario, o.End, over)
		if over() {
			return
		}
	}
}

// read makes a read, under busy=retry until it succeeds or times out.
func (r *Reader) read(
	now int64, hold func(time.Duration),
) (o outcome.Outcome, err error) {
	o.Start = now
	if busy := r.task.Scenario.Busy; busy.Policy == scenario.Retry {
		r.retryUntil = now + int64(busy.Timeout)
	}
	for {
		waitStart := o.WaitStart
		o.Trace, o.End, err = r.conn.Read(now, hold)
		o.WaitStart = cmp.Or(waitStart, o.WaitStart)
		if !r.retryAfter(err) {
			break
		}
		now = clock.Now()
	}
	if err == nil && o.WaitStart != 0 {
		o.LockAcquired = cmp.Or(o.LockAcquired, now)
	}
	if r.retryUntil != 0 && sqlitedb.ResultCode(err).IsLock() {
		o.LockWait = o.End - o.Start
	}
	return o, err
}

// Close closes the connection, and returns an error that ended the reads.
func (r *Reader) Close() error {
	return errors.Join(r.err, r.conn.Close())
}
