package bench

import (
	"errors"
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

// writerCeiling measures how fast a lone writer inserts in a kind of loop.
func writerCeiling(b *testing.B, env *environment, s scenario.Scenario, connect connector) {
	if err := checkRows(s, env.work.Path); err != nil {
		fatal(b, err)
	}
	var inserts int
	var spent time.Duration
	for round := 1; b.Loop(); round++ {
		n, took, err := loneRound(env.work.Path, s, roundSeed(env.Seed, round), env.Round, connect)
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

// inserter inserts rows over a connection.
type inserter interface {
	insert(ids []uuid.UUID) error
	Close() error
}

// connector connects to a database for a lone writer.
type connector func(path string, s scenario.Scenario) (inserter, error)

// probedInserter makes transactions as a writer does.
type probedInserter struct{ *sqlitedb.Conn }

func connectProbed(path string, s scenario.Scenario) (inserter, error) {
	c, err := sqlitedb.Connect(path, s)
	return probedInserter{c}, err
}

func (p probedInserter) insert(ids []uuid.UUID) error {
	_, err := p.Transact(clock.Now(), ids)
	return err
}

// bareInserter makes transactions without anything that measures them.
type bareInserter struct{ *sqlitedb.BareConn }

func connectBare(path string, s scenario.Scenario) (inserter, error) {
	c, err := sqlitedb.ConnectBare(path, s)
	return bareInserter{c}, err
}

func (b bareInserter) insert(ids []uuid.UUID) error { return b.Insert(ids) }

// loneRound inserts on a fresh file below dir for a length of time, at least once, as a sustained
// writer does but without the harness. It returns the number of rows and the time they took.
func loneRound(
	dir string, s scenario.Scenario, seed uint64, length time.Duration, connect connector,
) (inserts int, spent time.Duration, err error) {
	db, err := newDatabase(dir, s, seed)
	if err != nil {
		return 0, 0, err
	}
	defer db.remove()
	conn, err := connect(db.path, s)
	if err != nil {
		return 0, 0, err
	}
	inserts, spent, err = insertFor(conn, s.Batch, seed, length)
	if err = errors.Join(err, conn.Close()); err != nil {
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

// insertFor inserts batches over a connection for a length of time, at least once.
func insertFor(
	conn inserter, rows int, seed uint64, length time.Duration,
) (inserts int, spent time.Duration, err error) {
	ids, batch := writer.NewIDs(seed, 0), make([]uuid.UUID, rows)
	begin := time.Now()
	for inserts == 0 || time.Since(begin) < length {
		for i := range batch {
			batch[i] = ids.Next()
		}
		if err := conn.insert(batch); err != nil {
			return 0, 0, err
		}
		inserts += rows
	}
	return inserts, time.Since(begin), nil
}
