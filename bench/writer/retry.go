package writer

import (
	"math/rand/v2"
	"time"

	"busybench/bench/clock"
	"busybench/bench/protocol"
	"busybench/bench/sqlitedb"
)

// Under busy=retry a participant sleeps for a random time in this range between two tries. An idle
// Go program rounds its sleeps up to whole milliseconds, as a service's own retry loop would.
const (
	minBackoff = 500 * time.Microsecond
	maxBackoff = 1500 * time.Microsecond
)

// retrier decides whether to try again under busy=retry.
type retrier struct {
	jitter     *rand.Rand // of the sleeps
	retryUntil int64      // of the current attempt; 0 under other policies
}

func newRetrier(task protocol.Task) retrier {
	return retrier{jitter: rand.New(rand.NewPCG(task.Seed, uint64(task.Number)))}
}

// retryAfter reports whether to retry what failed with err, and sleeps before that.
func (r *retrier) retryAfter(err error) bool {
	return r.retryUntil != 0 && sqlitedb.ResultCode(err).IsLock() && r.sleepBeforeRetry()
}

// sleepBeforeRetry sleeps for a short random time, but not beyond the timeout. If the timeout has
// passed, it returns false at once.
func (r *retrier) sleepBeforeRetry() bool {
	left := time.Duration(r.retryUntil - clock.Now())
	if left <= 0 {
		return false
	}
	time.Sleep(min(r.backoff(), left))
	return true
}

func (r *retrier) backoff() time.Duration {
	return minBackoff + time.Duration(r.jitter.Int64N(int64(maxBackoff-minBackoff)))
}
