package writer

import (
	"errors"
	"time"

	"busybench/bench/clock"
)

// turnstile is a lock file that a writer cannot get again before the next one in the queue.
//
// A waiter that the kernel wakes still has to run to get the lock. A writer that releases it and
// asks for it again is faster. So there is a second lock file: a writer needs its lock to wait for
// the first one, and keeps it until it has that one. The writer that asks again then waits behind
// the next, and the others behind both.
type turnstile struct{ gate, lock *lockFile }

func openTurnstile(database string) (*turnstile, error) {
	gate, err := openLockFile(lockFileName(database) + "-gate")
	if err != nil {
		return nil, err
	}
	lock, err := openLockFile(lockFileName(database))
	if err != nil {
		return nil, errors.Join(err, gate.close())
	}
	return &turnstile{gate, lock}, nil
}

// tryAcquire takes the lock if it is free and no other waits for it.
func (t *turnstile) tryAcquire() (acquired bool, err error) {
	if acquired, err = t.gate.tryAcquire(); err != nil || !acquired {
		return false, err
	}
	acquired, err = t.lock.tryAcquire()
	return acquired, errors.Join(err, t.gate.release())
}

// acquire waits for the lock until the timeout.
func (t *turnstile) acquire(timeout time.Duration) (acquired bool, err error) {
	until := clock.Now() + int64(timeout)
	if acquired, err = t.gate.acquire(timeout); err != nil || !acquired {
		return false, err
	}
	acquired, err = t.lock.acquire(time.Duration(until - clock.Now()))
	return acquired, errors.Join(err, t.gate.release())
}

func (t *turnstile) release() error { return t.lock.release() }

func (t *turnstile) close() error { return errors.Join(t.gate.close(), t.lock.close()) }
