package bench

import (
	"errors"
	"sync"
	"testing"
	"time"

	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

func measureThreads(b *testing.B, env *environment, s scenario.Scenario) {
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		fatal(b, err)
	}
	defer closeFleet(b, r.fleet)
	threads := 0
	for b.Loop() {
		err := r.withFreshFile(func(db database, seed uint64) error {
			n, err := blockedThreads(r, db, seed)
			if err != nil {
				return err
			}
			threads = max(threads, n)
			_, err = db.audit()
			return err
		})
		if err != nil {
			fatal(b, err)
		}
	}
	b.ReportMetric(0, metrics.NsPerOp)
	b.ReportMetric(float64(threads), metrics.Threads)
}

// blockedThreads makes a round of writers that cannot get the lock. It returns the largest number
// of threads that slept at one moment, beyond those that did before.
func blockedThreads(r *rounds, db database, seed uint64) (threads int, err error) {
	holder, err := sqlitedb.Connect(db.path, sqlitedb.WithSetupTimeout(r.scenario))
	if err != nil {
		return 0, err
	}
	release := sync.OnceValue(holder.Close)
	defer release()
	if err := holder.BeginImmediate(); err != nil {
		return 0, err
	}
	before, err := host.SleepingThreads()
	if err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := runOn(r.fleet, db, r.plan(seed))
		ended <- err
	}()
	threads, err = maxSleepingThreads(r.env.Round)
	releaseErr := release()
	return threads - before, errors.Join(err, releaseErr, <-ended)
}

// maxSleepingThreads samples the number of sleeping threads for a length of time.
func maxSleepingThreads(length time.Duration) (threads int, err error) {
	const interval = 5 * time.Millisecond
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(interval) {
		n, err := host.SleepingThreads()
		if err != nil {
			return threads, err
		}
		threads = max(threads, n)
	}
	return threads, nil
}
