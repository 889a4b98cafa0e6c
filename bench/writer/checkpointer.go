package writer

import (
	"errors"
	"fmt"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/sqlitedb"
)

// Checkpointer is a checkpointer that is ready for one round. [NewCheckpointer] returns one, which
// must be closed after the round.
type Checkpointer struct {
	conn  *sqlitedb.Checkpointer
	every time.Duration
	err   error // of a checkpoint, other than a lock error
}

// NewCheckpointer returns a checkpointer that has connected.
func NewCheckpointer(task protocol.Task) (*Checkpointer, error) {
	conn, err := sqlitedb.ConnectCheckpointer(task.Database, task.Scenario)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &Checkpointer{conn: conn, every: task.Scenario.Checkpoint.Every}, nil
}

// Run makes a checkpoint at every interval after the release until the tail is over, or until one
// fails other than by a lock error, which [Checkpointer.Close] reports. A checkpoint that takes
// longer than the interval is followed by the next one.
func (c *Checkpointer) Run(s outcome.Schedule, tail Tail) outcome.Series {
	all := newChunks(outcome.Sustained)
	c.loop(s.Release, tail.Over, all.add)
	return outcome.Series{Outcomes: all.join()}
}

// Watch makes checkpoints as [Checkpointer.Run] does, but keeps no outcomes.
func (c *Checkpointer) Watch(over func() bool) {
	c.loop(clock.Now(), over, func(outcome.Outcome) {})
}

func (c *Checkpointer) loop(next int64, over func() bool, report func(outcome.Outcome)) {
	for {
		next += int64(c.every)
		sleepUntil(next, over)
		if over() {
			return
		}
		o := outcome.Outcome{Start: clock.Now()}
		var err error
		o.Trace, o.End, err = c.conn.Checkpoint(o.Start)
		o.Code = sqlitedb.ResultCode(err)
		if err != nil && !o.LockError() {
			c.err = err
			return
		}
		report(o)
		next = max(next, o.End-int64(c.every))
	}
}

// Close closes the connection, and returns an error that ended the checkpoints.
func (c *Checkpointer) Close() error { return errors.Join(c.err, c.conn.Close()) }
