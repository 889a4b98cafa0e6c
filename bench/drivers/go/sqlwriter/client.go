package sqlwriter

import (
	"errors"
	"math/rand/v2"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// client is what writers and readers have in common.
type client struct {
	driver Driver
	task   protocol.Task
	script *script // nil unless the sections of an SQL file take the place of what is built in

	callStart  int64 // of the call that an error would end
	retryUntil int64 // of the attempt or read, 0 except with busy=retry
}

// begin begins an attempt or a read at an instant.
func (c *client) begin(start int64) {
	c.callStart, c.retryUntil = start, 0
	if b := c.task.Scenario.Busy; b.Policy == scenario.Retry {
		c.retryUntil = start + int64(b.Timeout)
	}
	if c.script != nil {
		c.script.begin()
	}
}

// timeout returns the busy timeout in ms. With busy=retry this program waits.
func (c *client) timeout() int64 {
	if b := c.task.Scenario.Busy; b.Policy == scenario.Timeout || b.Policy == scenario.Queue {
		return b.Timeout.Milliseconds()
	}
	return 0
}

// fail records the error of an attempt or a read that has ended.
func (c *client) fail(o *outcome.Outcome, err error) {
	if o.Code = c.code(err); !o.LockError() {
		return
	}
	since := c.callStart
	if c.retryUntil != 0 {
		since = o.Start
	}
	if o.WaitStart == 0 {
		o.WaitStart = since
	}
	// SQLite sleeps for at least a millisecond, so less is no wait.
	if waited := o.End - since; waited >= int64(time.Millisecond) {
		o.LockWait = waited
	}
}

func (c *client) code(err error) outcome.Code {
	if errors.Is(err, errQueueTimeout) {
		return outcome.QueueTimeout
	}
	if code, ok := c.driver.Code(err); ok {
		return outcome.Code(code)
	}
	return 1 // SQLITE_ERROR
}

// retry calls do, and with busy=retry again after a short sleep if it meets a lock.
func (c *client) retry(o *outcome.Outcome, do func() error) error {
	for {
		err := do()
		if err == nil || !c.code(err).IsLock() || clock.Now() >= c.retryUntil {
			return err
		}
		if o.WaitStart == 0 {
			o.WaitStart = c.callStart
		}
		least, longest := c.task.Scenario.Busy.Backoff.Range()
		time.Sleep(least + rand.N(longest-least))
	}
}

// usesPool reports whether the participant takes its connections from a pool that all participants
// of this process share.
func (c *client) usesPool() bool {
	s := c.task.Scenario
	return s.Exec == scenario.Goroutine && s.Conn.Kind == scenario.Pool
}
