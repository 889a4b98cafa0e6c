package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// BenchmarkCeiling measures what the disk and the driver allow, in the same run as the rest: how
// often a frame can be appended, or rewritten in place, and synced; and how fast one lone writer
// inserts over a held connection with none of the harness around it.
func BenchmarkCeiling(b *testing.B) {
	axes := given.axes.Override("exec=goroutine journal=delete,wal writers=1 conn=held").WithDefaults(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, kind := range []host.SyncKind{host.Append, host.Rewrite} {
		b.Run(fmt.Sprintf("disk=%s", kind), func(b *testing.B) { ceilingOfDisk(b, kind) })
	}
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { ceilingOfWriter(b, c.Scenario) })
	}
}

func ceilingOfDisk(b *testing.B, kind host.SyncKind) {
	probe, err := host.NewSyncProbe(given.work.Path, kind)
	if err != nil {
		fatal(b, err)
	}
	defer probe.Close()
	if err := host.Settle(given.work.Path); err != nil {
		fatal(b, err)
	}
	var syncs int
	var spent time.Duration
	for b.Loop() {
		n, took, err := probe.For(given.round)
		if err != nil {
			fatal(b, err)
		}
		syncs += n
		spent += took
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(syncs), "ns/op")
	b.ReportMetric(float64(syncs)/spent.Seconds(), "syncs/s")
}

func ceilingOfWriter(b *testing.B, s scenario.Scenario) {
	var inserts int
	var spent time.Duration
	for made := 1; b.Loop(); made++ {
		n, took, err := loneRound(s, seedOf(made), given.round)
		if err != nil {
			fatal(b, err)
		}
		inserts += n
		spent += took
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(inserts), "ns/op")
	b.ReportMetric(float64(inserts)/spent.Seconds(), "inserts/s")
}

// loneRound inserts on a fresh file for so long, as a sustained writer does but bare, and counts.
func loneRound(s scenario.Scenario, seed uint64, length time.Duration) (inserts int, spent time.Duration, err error) {
	db, err := newDatabase(s, seed)
	if err != nil {
		return 0, 0, err
	}
	defer db.remove()
	conn, err := sqlitedb.Connect(db.path, s)
	if err != nil {
		return 0, 0, err
	}
	ids, batch := writer.NewIDs(seed, 0), make([]uuid.UUID, s.Batch)
	begin := time.Now()
	for time.Since(begin) < length {
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
	if err := conn.Close(); err != nil {
		return 0, 0, err
	}
	// Drawn again for the ledger, instead of kept while the clock ran.
	ids = writer.NewIDs(seed, 0)
	for range inserts {
		db.ledger[ids.Next()] = true
	}
	_, err = db.audit()
	return inserts, spent, err
}
