package writer

import (
	"math/rand/v2"
	"time"

	"busybench/bench/clock"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// retrier decides whether to try again under busy=retry. Between two tries a participant sleeps for
// a random time. An idle Go program rounds its sleeps up to whole milliseconds, as a service's own
// retry loop would.
type retrier struct {
	jitter     *rand.Rand // of the sleeps
	sleeps     scenario.Backoff
	retryUntil int64 // of the current attempt; 0 under other policies
}

func newRetrier(task protocol.Task) retrier {
	return retrier{
		jitter: rand.New(rand.NewPCG(task.Seed, uint64(task.Number))),
		sleeps: task.Scenario.Busy.Backoff,
	}
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
	least, longest := r.sleeps.Range()
	return least + time.Duration(r.jitter.Int64N(int64(longest-least)))
}
