package bench

import (
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// BenchmarkThreads counts the operating-system threads that waiting goroutines cost: it holds the
// write lock for a round's length while writers ask for it.
func BenchmarkThreads(b *testing.B) {
	axes := given.axes.WithDefaults("journal=wal writers=100 busy=none,5s,block,retry,queue conn=held").
		Override("exec=goroutine").WithDefaults(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { threads(b, c.Scenario) })
	}
}

func threads(b *testing.B, s scenario.Scenario) {
	r, err := newRounds(s, 0)
	if err != nil {
		fatal(b, err)
	}
	defer r.close(b)
	most := 0
	for b.Loop() {
		err := r.fresh(func(db database, seed uint64) error {
			n, err := r.threads(db, seed)
			most = max(most, n)
			return err
		})
		if err != nil {
			fatal(b, err)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(most), "threads")
}

// threads makes a round of writers that cannot get the lock, and returns the largest number of
// threads that slept at one moment, beyond those that did before.
func (r *rounds) threads(db database, seed uint64) (most int, err error) {
	holder, err := sqlitedb.Connect(db.path, sqlitedb.Patiently(r.scenario))
	if err != nil {
		return 0, err
	}
	letGo := sync.OnceValue(holder.Close)
	defer letGo()
	if err := holder.BeginImmediate(); err != nil {
		return 0, err
	}
	before, err := host.SleepingThreads()
	if err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := r.on(db, seed)
		ended <- err
	}()
	most, err = mostSleeping(given.round)
	closeErr := letGo()
	return most - before, errors.Join(err, closeErr, <-ended)
}

// mostSleeping looks again and again, for so long.
func mostSleeping(length time.Duration) (most int, err error) {
	const interval = 5 * time.Millisecond
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(interval) {
		n, err := host.SleepingThreads()
		if err != nil {
			return most, err
		}
		most = max(most, n)
	}
	return most, nil
}
