package bench

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// diskCeiling measures how often the disk syncs a frame.
func diskCeiling(b *testing.B, env *environment, kind host.SyncKind) {
	probe, err := host.NewSyncProbe(env.work.Path, kind)
	if err != nil {
		fatal(b, err)
	}
	defer probe.Close()
	if err := host.SyncFS(env.work.Path); err != nil {
		fatal(b, err)
	}
	var syncs int
	var spent time.Duration
	for b.Loop() {
		n, took, err := probe.For(env.Round)
		if err != nil {
			fatal(b, err)
		}
		syncs += n
		spent += took
	}
	reportRate(b, metrics.SyncsPerSecond, syncs, spent)
}

// writerCeiling measures how fast a lone writer inserts.
func writerCeiling(b *testing.B, env *environment, s scenario.Scenario) {
	if err := checkRows(s, env.work.Path); err != nil {
		fatal(b, err)
	}
	var inserts int
	var spent time.Duration
	for round := 1; b.Loop(); round++ {
		n, took, err := loneRound(env.work.Path, s, roundSeed(env.Seed, round), env.Round)
		if err != nil {
			fatal(b, err)
		}
		inserts += n
		spent += took
	}
	reportRate(b, metrics.InsertsPerSecond, inserts, spent)
}

func reportRate(b *testing.B, unit string, n int, spent time.Duration) {
	b.ReportMetric(float64(spent.Nanoseconds())/float64(n), metrics.NsPerOp)
	b.ReportMetric(float64(n)/spent.Seconds(), unit)
}

// loneRound inserts on a fresh file below dir for a length of time, at least once, as a sustained
// writer does but without the harness. It returns the number of rows and the time they took.
func loneRound(
	dir string, s scenario.Scenario, seed uint64, length time.Duration,
) (inserts int, spent time.Duration, err error) {
	db, err := newDatabase(dir, s, seed)
	if err != nil {
		return 0, 0, err
	}
	defer db.remove()
	if inserts, spent, err = insertFor(db.path, s, seed, length); err != nil {
		return 0, 0, err
	}
	// The ids are drawn again for the ledger instead of kept while the clock ran.
	ids := writer.NewIDs(seed, 0)
	for range inserts {
		db.ledger[ids.Next()] = true
	}
	_, err = db.audit()
	return inserts, spent, err
}

// insertFor inserts over one connection for a length of time, at least once.
func insertFor(
	path string, s scenario.Scenario, seed uint64, length time.Duration,
) (inserts int, spent time.Duration, err error) {
	conn, err := sqlitedb.Connect(path, s)
	if err != nil {
		return 0, 0, err
	}
	ids, batch := writer.NewIDs(seed, 0), make([]uuid.UUID, s.Batch)
	begin := time.Now()
	for inserts == 0 || time.Since(begin) < length {
		for i := range batch {
			batch[i] = ids.Next()
		}
		if _, err := conn.Transact(clock.Now(), batch); err != nil {
			conn.Close()
			return 0, 0, err
		}
		inserts += s.Batch
	}
	spent = time.Since(begin)
	return inserts, spent, conn.Close()
}
