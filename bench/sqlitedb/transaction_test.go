package sqlitedb

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

var (
	journals = []string{"delete", "truncate", "persist", "memory", "wal", "off"}
	txns     = []string{"auto", "deferred", "immediate", "exclusive", "upgrade"}
)

// auditRows audits a file in which all ids are acknowledged, and returns the number of its rows.
func auditRows(t *testing.T, path string, ids []uuid.UUID) int {
	t.Helper()
	ledger := Ledger{}
	for _, id := range ids {
		ledger[id] = true
	}
	f, err := Audit(path, ledger)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Err(); err != nil {
		t.Error(err)
	}
	return f.Rows
}

func TestEveryKindOfTransactionInsertsItsBatch(t *testing.T) {
	for _, txn := range txns {
		for _, batch := range []string{"1", "2", "1000"} {
			t.Run(txn+"/batch="+batch, func(t *testing.T) {
				s := newScenario(t, "sync=off journal=delete payload=3 txn="+txn+" batch="+batch)
				path := create(t, s)
				c := connect(t, path, s)
				ids := newIDs(3 * s.Batch)
				for part := range slices.Chunk(ids, s.Batch) {
					before := clock.Now()
					trace, err := c.Transact(clock.Now(), part)
					if err != nil {
						t.Fatal(err)
					}
					requireOrder(t, before, trace, clock.Now())
					requirePause(t, txn, trace)
				}
				if n := auditRows(t, path, ids); n != len(ids) {
					t.Errorf("%d rows, want %d", n, len(ids))
				}
			})
		}
	}
}

func requireOrder(t *testing.T, before int64, trace outcome.Trace, after int64) {
	t.Helper()
	instants := []int64{
		before, before + trace.BeginDuration, trace.LockAcquired, trace.CommitStart,
		trace.LockReleased, after,
	}
	if trace.WaitStart != 0 || !slices.IsSorted(instants) {
		t.Errorf("waited, or instants are not in order: before, before and beginning, lock "+
			"acquired, commit start, lock released, after: %d, %+v", instants, trace)
	}
}

// requirePause requires that txn=upgrade pauses before its first INSERT.
func requirePause(t *testing.T, txn string, trace outcome.Trace) {
	t.Helper()
	if begin := trace.BeginDuration; txn == scenario.Upgrade && begin < int64(upgradePause) {
		t.Errorf("beginning took %d ns, which has no pause", begin)
	}
}

// A single transaction can be delayed on a busy machine, so each kind has many tries.
func TestOnlyUpgradePausesBeforeTheFirstInsert(t *testing.T) {
	const tries = 1000
	for _, c := range []struct {
		txn    string
		proven func(beginDuration int64) bool
	}{
		{"deferred", func(d int64) bool { return d < int64(upgradePause) }},
		{"upgrade", func(d int64) bool { return d >= int64(upgradePause) }},
	} {
		t.Run(c.txn, func(t *testing.T) {
			s := newScenario(t, "sync=off txn="+c.txn)
			conn := connect(t, create(t, s), s)
			for range tries {
				trace, err := conn.Transact(clock.Now(), newIDs(1))
				if err != nil {
					t.Fatal(err)
				}
				if c.proven(trace.BeginDuration) {
					return
				}
			}
			t.Errorf("none of %d transactions began as it should", tries)
		})
	}
}

// When the probe records the write lock, it is held: a second connection is refused the lock from
// within the call, in every journal mode and kind of transaction, and not before or after.
func TestTheLockIsHeldWhenTheProbeRecordsIt(t *testing.T) {
	for _, journal := range journals {
		for _, txn := range txns {
			t.Run(journal+"/"+txn, func(t *testing.T) {
				s := newScenario(t, "sync=off journal="+journal+" txn="+txn)
				path := create(t, s)
				c, other := connect(t, path, s), connect(t, path, s)
				var calls int
				var within error
				c.probe.now = func() int64 {
					if c.probe.lockAcquired == 0 {
						calls++
						within = other.BeginImmediate()
					}
					return clock.Now()
				}
				if err := other.BeginImmediate(); err != nil {
					t.Fatalf("before the transaction: %v", err)
				}
				other.rollback()
				if _, err := c.Transact(clock.Now(), newIDs(1)); err != nil {
					t.Fatal(err)
				}
				if calls != 1 || ResultCode(within) != outcome.Busy {
					t.Errorf("the probe was called %d times; the other connection then got %v",
						calls, within)
				}
				if err := other.BeginImmediate(); err != nil {
					t.Errorf("after the transaction: %v", err)
				}
			})
		}
	}
}

// When the probe records the rows, all of them are in the table, and the commit has not begun.
func TestTheRowsAreInTheTableWhenTheProbeRecordsThem(t *testing.T) {
	for _, journal := range journals {
		for _, batch := range []int{1, 2, 1000} {
			t.Run(fmt.Sprintf("%s/batch=%d", journal, batch), func(t *testing.T) {
				s := newScenario(t,
					fmt.Sprintf("sync=off journal=%s txn=auto batch=%d", journal, batch))
				path := create(t, s)
				c, other := connect(t, path, s), connect(t, path, s)
				rows := 0
				var within error
				c.probe.now = func() int64 {
					if c.probe.lockAcquired != 0 {
						rows, within = countRows(t, c), other.BeginImmediate()
					}
					return clock.Now()
				}
				ids := newIDs(batch)
				trace, err := c.Transact(clock.Now(), ids)
				if err != nil {
					t.Fatal(err)
				}
				if rows != batch || ResultCode(within) != outcome.Busy || trace.CommitStart == 0 {
					t.Errorf("%d of %d rows were in the table; the other connection got %v; %+v",
						rows, batch, within, trace)
				}
				if n := auditRows(t, path, ids); n != batch {
					t.Errorf("%d rows, want %d", n, batch)
				}
			})
		}
	}
}

// countRows returns the number of rows that a connection sees.
func countRows(t *testing.T, c *Conn) (n int) {
	t.Helper()
	err := sqlitex.ExecuteTransient(c.db, "SELECT count(*) FROM messages", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			n = stmt.ColumnInt(0)
			return nil
		},
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// While another connection holds the lock the probe records nothing.
func TestTheProbeRecordsTheLockAfterTheWait(t *testing.T) {
	for _, journal := range journals {
		t.Run(journal, func(t *testing.T) {
			s := newScenario(t, "sync=off busy=60s journal="+journal)
			path := create(t, s)
			c, holder := connect(t, path, s), connect(t, path, s)
			if err := holder.BeginImmediate(); err != nil {
				t.Fatal(err)
			}
			traces := make(chan outcome.Trace)
			go func() {
				trace, err := c.Transact(clock.Now(), newIDs(1))
				if err != nil {
					t.Error(err)
				}
				traces <- trace
			}()
			// So that the transaction waits for the lock. The test holds without it, too.
			time.Sleep(5 * time.Millisecond)
			released := clock.Now()
			holder.rollback()
			if trace := <-traces; trace.LockAcquired < released {
				t.Errorf("recorded the lock %d ns before its holder released it",
					released-trace.LockAcquired)
			}
		})
	}
}

func TestWritingOnAStaleSnapshotFailsAtOnce(t *testing.T) {
	s := newScenario(t, "journal=wal txn=upgrade busy=60s")
	path := create(t, s)
	c, other := connect(t, path, s), connect(t, path, newScenario(t, "journal=wal"))
	if err := c.BeginRead(); err != nil {
		t.Fatal(err)
	}
	otherIDs := newIDs(1)
	if _, err := other.Transact(clock.Now(), otherIDs); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	err := c.first.insert(uuid.New())
	if ResultCode(err) != outcome.BusySnapshot {
		t.Errorf("writing on a stale snapshot: %v", err)
	}
	if took := time.Since(begin); took >= s.Busy.Timeout {
		t.Errorf("it took %v, as if it waited for the timeout", took)
	}
	c.rollback()
	ids := newIDs(1)
	if _, err := c.Transact(clock.Now(), ids); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	if n := auditRows(t, path, append(otherIDs, ids...)); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

// With a rollback journal a reader blocks COMMIT. The caller retries the COMMIT or rolls back.
func TestACommitThatMeetsAReader(t *testing.T) {
	for _, txn := range []string{"deferred", "immediate"} {
		t.Run(txn, func(t *testing.T) {
			s := newScenario(t, "journal=delete busy=none batch=2 txn="+txn)
			path := create(t, s)
			c, reader := connect(t, path, s), connect(t, path, s)
			beginRead := func() {
				t.Helper()
				if err := reader.BeginRead(); err != nil {
					t.Fatal(err)
				}
			}

			beginRead()
			_, err := c.Transact(clock.Now(), newIDs(2))
			if !c.CommitPending() {
				t.Errorf("the commit cannot be retried: %v", err)
			}
			trace := c.Rollback()
			if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Commit ||
				trace.LockAcquired == 0 || trace.LockReleased <= trace.LockAcquired {
				t.Errorf("rolled back: %+v, %v", trace, err)
			}

			retries := 0
			ids := newIDs(2)
			trace, err = c.Transact(clock.Now(), ids)
			for c.CommitPending() {
				if retries++; retries == 3 {
					reader.rollback()
				}
				trace, err = c.RetryCommit()
			}
			if err != nil || retries != 3 || trace.Phase != outcome.Commit || trace.LockWait != 0 {
				t.Errorf("committed after %d retries: %+v, %v", retries, trace, err)
			}

			beginRead()
			if _, err = c.Transact(clock.Now(), newIDs(2)); ResultCode(err) != outcome.Busy {
				t.Errorf("rolled back without a retry: %v", err)
			}
			c.Rollback()
			reader.rollback()
			if n := auditRows(t, path, ids); n != 2 {
				t.Errorf("%d rows, want 2", n)
			}
		})
	}
}

// If a transaction is a single statement, the probe shows which part of it met the lock.
func TestAnAutomaticCommitThatMeetsAReader(t *testing.T) {
	s := newScenario(t, "journal=delete busy=20ms txn=auto")
	path := create(t, s)
	c, reader := connect(t, path, s), connect(t, path, s)
	if err := reader.BeginRead(); err != nil {
		t.Fatal(err)
	}
	trace, err := c.Transact(clock.Now(), newIDs(1))
	if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Commit ||
		trace.LockAcquired == 0 || trace.LockReleased < trace.LockAcquired ||
		trace.LockWait < 20e6 {
		t.Errorf("trace is %+v, error %v", trace, err)
	}
	reader.rollback()
	if n := auditRows(t, path, nil); n != 0 {
		t.Errorf("%d rows, want 0", n)
	}
}

func TestABareConnectionInsertsItsBatch(t *testing.T) {
	for _, txn := range txns {
		for _, batch := range []string{"1", "2", "1000"} {
			t.Run(txn+"/batch="+batch, func(t *testing.T) {
				s := newScenario(t, "sync=off payload=3 txn="+txn+" batch="+batch)
				path := create(t, s)
				c, err := ConnectBare(path, s)
				if err != nil {
					t.Fatal(err)
				}
				ids := newIDs(3 * s.Batch)
				for part := range slices.Chunk(ids, s.Batch) {
					if err := c.Insert(part); err != nil {
						t.Error(err)
					}
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				if n := auditRows(t, path, ids); n != len(ids) {
					t.Errorf("%d rows, want %d", n, len(ids))
				}
			})
		}
	}
}

// Each row is its id and the payload, in the order of the batch, and has the default timestamp.
func TestRowsOfABatchAreTheSameInEveryKindOfTransaction(t *testing.T) {
	for _, txn := range txns {
		t.Run(txn, func(t *testing.T) {
			s := newScenario(t, "sync=off payload=3 batch=5 txn="+txn)
			c := connect(t, create(t, s), s)
			ids := newIDs(s.Batch)
			if _, err := c.Transact(clock.Now(), ids); err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for _, id := range ids {
				want = append(want, id.String()+"xxx text text")
			}
			err := sqlitex.ExecuteTransient(c.db,
				"SELECT concat_ws(' ', msg, typeof(msg), typeof(ts)) FROM messages ORDER BY rowid",
				&sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
					got = append(got, stmt.ColumnText(0))
					return nil
				}})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("rows are %q, %v, want %q", got, err, want)
			}
		})
	}
}

func TestUsersOfAPoolTakeTurns(t *testing.T) {
	s := newScenario(t, "journal=delete sync=off conn=pool busy=1ms")
	path := create(t, s)
	p, err := OpenPool(path, s)
	if err != nil {
		t.Fatal(err)
	}
	ids := newIDs(200)
	errs := make(chan error)
	for _, id := range ids {
		go func() {
			c, _, err := p.Take()
			if err == nil {
				_, err = c.Transact(clock.Now(), []uuid.UUID{id})
				p.Put(c)
			}
			errs <- err
		}()
	}
	for range ids {
		// With a timeout of 1ms two connections at work would meet each other's lock.
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if n := auditRows(t, path, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
}

func TestTakeReportsWhetherItWaited(t *testing.T) {
	for size, axes := range map[int]string{1: "conn=pool", 3: "conn=pool:3"} {
		t.Run(axes, func(t *testing.T) {
			s := newScenario(t, axes)
			p, err := OpenPool(create(t, s), s)
			if err != nil {
				t.Fatal(err)
			}
			take := func() (c *Conn, waited bool) {
				c, waited, err := p.Take()
				if err != nil {
					t.Error(err)
				}
				return c, waited
			}
			taken := map[*Conn]bool{}
			for range size {
				c, waited := take()
				if taken[c] || waited {
					t.Errorf("connection %p of %v, waited: %v", c, taken, waited)
				}
				taken[c] = true
			}
			last := make(chan bool)
			go func() {
				c, waited := take()
				p.Put(c)
				last <- waited
			}()
			for p.users.Load() <= int64(size) {
				runtime.Gosched()
			}
			for c := range taken {
				p.Put(c)
			}
			if !<-last {
				t.Error("the last user did not wait")
			}
			c, waited := take()
			if waited {
				t.Error("a user of a free connection waited")
			}
			p.Put(c)
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOpenPoolRejectsAMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := OpenPool(path, newScenario(t, "conn=pool")); err == nil {
		t.Error("a pool on a missing file is no error")
	}
}

// The cost of the probe and of reading the clock: a transaction compared with one over a
// connection that does not measure, on a file that is not synced.
func BenchmarkInsert(b *testing.B) {
	s := scenario.Scenario{Journal: scenario.WAL, Sync: "off", Txn: scenario.Auto, Batch: 1}
	path := filepath.Join(b.TempDir(), "messages.db")
	if err := Create(path, s, noIDs); err != nil {
		b.Fatal(err)
	}
	ids := newIDs(1)
	b.Run("probe=no", func(b *testing.B) {
		c, err := ConnectBare(path, s)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		for b.Loop() {
			if err := c.Insert(ids); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("probe=yes", func(b *testing.B) {
		c, err := Connect(path, s)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		for b.Loop() {
			if _, err := c.Transact(clock.Now(), ids); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The length of the statement is what SQLite's parser depends on.
func TestTheStatementIsAsLongForAnyBatch(t *testing.T) {
	for name, f := range map[string]form{"plain": plain, "probed": probed} {
		t.Run(name, func(t *testing.T) {
			one, two, most := insertSQL(f, 1), insertSQL(f, 2), insertSQL(f, 32766)
			if two != most || len(one) > len(two) {
				t.Errorf("of 1 row: %s\nof 2: %s\nof 32,766: %s", one, two, most)
			}
		})
	}
}

func TestTheLargestBatchFitsIntoOneStatement(t *testing.T) {
	s := newScenario(t, "batch=32766 sync=off")
	path := create(t, s)
	ids := newIDs(s.Batch)
	if _, err := connect(t, path, s).Transact(clock.Now(), ids); err != nil {
		t.Fatal(err)
	}
	if n := auditRows(t, path, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
	_, err := scenario.Parse("batch=32767")
	if err == nil || !strings.Contains(err.Error(), "to 32766") {
		t.Errorf("one row more: %v", err)
	}
}

// The time comes after the last write and before the commit, with the write lock held.
func TestHoldIsPartOfTheTransaction(t *testing.T) {
	const hold = 5 * time.Millisecond
	for _, txn := range []string{"deferred", "immediate", "exclusive", "upgrade"} {
		for _, how := range []string{"", ":cpu"} {
			t.Run(txn+how, func(t *testing.T) {
				s := newScenario(t, "txn="+txn+" batch=2 hold="+hold.String()+how)
				trace, err := connect(t, create(t, s), s).Transact(clock.Now(), newIDs(2))
				if err != nil {
					t.Fatal(err)
				}
				if got := trace.CommitStart - trace.LockAcquired; got < int64(hold) {
					t.Errorf("the commit began %d ns after the lock, want at least %v", got, hold)
				}
			})
		}
	}
}
