package sqlitedb

import (
	"fmt"
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

func rowsOf(t *testing.T, path string, ids []uuid.UUID) int {
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

func TestEveryTransactionTakesItsBatch(t *testing.T) {
	for _, txn := range txns {
		for _, batch := range []string{"1", "2", "1000"} {
			s := scenarioOf(t, "sync=off journal=delete payload=3 txn="+txn+" batch="+batch)
			path := create(t, s)
			c := connect(t, path, s)
			ids := newIDs(3 * s.Batch)
			for part := range slices.Chunk(ids, s.Batch) {
				before := clock.Now()
				trace, err := c.Transact(clock.Now(), part)
				if err != nil {
					t.Fatalf("txn=%s batch=%s: %v", txn, batch, err)
				}
				instants := []int64{before, trace.WaitStart - trace.BeginDuration, trace.WaitStart, trace.LockAcquired, trace.CommitStart, trace.LockReleased, clock.Now()}
				if !slices.IsSorted(instants) {
					t.Errorf("txn=%s batch=%s: before, begun, asked, got, in, let go, after are %d", txn, batch, instants)
				}
				if pauses := txn == "upgrade"; pauses != (trace.BeginDuration >= int64(upgradePause)) {
					t.Errorf("txn=%s: beginning took %d ns", txn, trace.BeginDuration)
				}
			}
			if n := rowsOf(t, path, ids); n != len(ids) {
				t.Errorf("txn=%s batch=%s: %d rows, want %d", txn, batch, n, len(ids))
			}
		}
	}
}

// At the instant that is probedValue the write lock is held: from within the call a second connection
// is refused it, in every journal mode and kind of transaction, and before the commit.
func TestTheStampIsTakenUnderTheWriteLock(t *testing.T) {
	for _, journal := range journals {
		for _, txn := range txns {
			s := scenarioOf(t, "sync=off journal="+journal+" txn="+txn)
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
				t.Fatalf("%s, %s: before: %v", journal, txn, err)
			}
			other.rollback()
			if _, err := c.Transact(clock.Now(), newIDs(1)); err != nil {
				t.Fatalf("%s, %s: %v", journal, txn, err)
			}
			if calls != 1 || ResultCode(within) != outcome.Busy {
				t.Errorf("%s, %s: probedValue %d times; another connection that asked for the lock then got %v", journal, txn, calls, within)
			}
			if err := other.BeginImmediate(); err != nil {
				t.Errorf("%s, %s: after: %v", journal, txn, err)
			}
		}
	}
}

// When rows are said to be in, all of them are in the table, and the commit is still to come.
func TestTheSecondStampIsTakenBeforeTheCommit(t *testing.T) {
	for _, journal := range journals {
		for _, batch := range []int{1, 2, 1000} {
			s := scenarioOf(t, fmt.Sprintf("sync=off journal=%s txn=auto batch=%d", journal, batch))
			path := create(t, s)
			c, other := connect(t, path, s), connect(t, path, s)
			in := 0
			var within error
			c.probe.now = func() int64 {
				if c.probe.lockAcquired != 0 {
					in, within = count(t, c), other.BeginImmediate()
				}
				return clock.Now()
			}
			ids := newIDs(batch)
			trace, err := c.Transact(clock.Now(), ids)
			if err != nil {
				t.Fatalf("%s: %v", journal, err)
			}
			if in != batch || ResultCode(within) != outcome.Busy || trace.CommitStart == 0 {
				t.Errorf("%s: %d of %d rows were in; another connection that asked for the lock got %v; %+v", journal, in, batch, within, trace)
			}
			if n := rowsOf(t, path, ids); n != batch {
				t.Errorf("%s: %d rows, want %d", journal, n, batch)
			}
		}
	}
}

// count is the number of rows that a connection sees.
func count(t *testing.T, c *Conn) (n int) {
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

// While somebody else holds the lock the stamp is not taken: it lies after the wait, not before.
func TestTheStampComesAfterTheWait(t *testing.T) {
	for _, journal := range journals {
		s := scenarioOf(t, "sync=off busy=60s journal="+journal)
		path := create(t, s)
		c, holder := connect(t, path, s), connect(t, path, s)
		if err := holder.BeginImmediate(); err != nil {
			t.Fatal(err)
		}
		asked := make(chan outcome.Trace)
		go func() {
			trace, err := c.Transact(clock.Now(), newIDs(1))
			if err != nil {
				t.Errorf("%s: %v", journal, err)
			}
			asked <- trace
		}()
		time.Sleep(5 * time.Millisecond) // the longer the more surely it waits; none is as good
		letGo := clock.Now()
		holder.rollback()
		if trace := <-asked; trace.LockAcquired < letGo {
			t.Errorf("%s: got the lock %d ns before its holder let it go", journal, letGo-trace.LockAcquired)
		}
	}
}

func TestAStaleSnapshotIsRefusedAtOnce(t *testing.T) {
	s := scenarioOf(t, "journal=wal txn=upgrade busy=60s")
	path := create(t, s)
	c, other := connect(t, path, s), connect(t, path, scenarioOf(t, "journal=wal"))
	if err := c.BeginRead(); err != nil {
		t.Fatal(err)
	}
	theirs := newIDs(1)
	if _, err := other.Transact(clock.Now(), theirs); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	err := c.first.insert(uuid.New())
	if ResultCode(err) != outcome.BusySnapshot {
		t.Errorf("writing on an old snapshot: %v", err)
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("it took %v, as if the timeout counted", took)
	}
	c.rollback()
	ours := newIDs(1)
	if _, err := c.Transact(clock.Now(), ours); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	if n := rowsOf(t, path, append(theirs, ours...)); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

// With a rollback journal a reader keeps a COMMIT from the file. It may be tried again, and else
// takes the transaction with it.
func TestACommitThatMeetsAReader(t *testing.T) {
	for _, txn := range []string{"deferred", "immediate"} {
		s := scenarioOf(t, "journal=delete busy=none batch=2 txn="+txn)
		path := create(t, s)
		c, reader := connect(t, path, s), connect(t, path, s)
		read := func() {
			if err := reader.BeginRead(); err != nil {
				t.Fatal(err)
			}
		}
		read()
		lost := newIDs(2)
		_, err := c.Transact(clock.Now(), lost)
		if !c.CommitPending() {
			t.Errorf("%s: the commit cannot be retried: %v", txn, err)
		}
		trace := c.Rollback()
		if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Commit || trace.LockAcquired == 0 || trace.LockReleased <= trace.LockAcquired {
			t.Errorf("%s: a commit beside a reader: %+v, %v", txn, trace, err)
		}
		commits := 0
		kept := newIDs(2)
		trace, err = c.Transact(clock.Now(), kept)
		for c.CommitPending() {
			if commits++; commits == 3 {
				reader.rollback()
			}
			trace, err = c.RetryCommit()
		}
		if err != nil || commits != 3 || trace.Phase != outcome.Commit || trace.LockWait != 0 {
			t.Errorf("%s: after %d more commits: %+v, %v", txn, commits, trace, err)
		}
		read()
		if _, err = c.Transact(clock.Now(), newIDs(2)); ResultCode(err) != outcome.Busy {
			t.Errorf("%s: not retried: %v", txn, err)
		}
		c.Rollback()
		reader.rollback()
		if n := rowsOf(t, path, kept); n != 2 {
			t.Errorf("%s: %d rows, want 2", txn, n)
		}
	}
}

// Of a transaction that is one statement, the stamp tells which of its parts met the lock.
func TestAnAutomaticCommitThatMeetsAReader(t *testing.T) {
	s := scenarioOf(t, "journal=delete busy=20ms txn=auto")
	path := create(t, s)
	c, reader := connect(t, path, s), connect(t, path, s)
	if err := reader.BeginRead(); err != nil {
		t.Fatal(err)
	}
	trace, err := c.Transact(clock.Now(), newIDs(1))
	if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Commit || trace.LockAcquired == 0 || trace.LockReleased < trace.LockAcquired || trace.LockWait < 20e6 {
		t.Errorf("an insert beside a reader: %+v, %v", trace, err)
	}
	reader.rollback()
	if n := rowsOf(t, path, nil); n != 0 {
		t.Errorf("%d rows, want none", n)
	}
}

func TestPoolIsTakenInTurn(t *testing.T) {
	s := scenarioOf(t, "journal=delete sync=off conn=pool busy=1ms")
	path := create(t, s)
	p, err := OpenPool(path, s)
	if err != nil {
		t.Fatal(err)
	}
	ids := newIDs(200)
	ended := make(chan error)
	for _, id := range ids {
		go func() {
			c, err := p.Take()
			if err == nil {
				_, err = c.Transact(clock.Now(), []uuid.UUID{id})
				p.Put()
			}
			ended <- err
		}()
	}
	for range ids {
		// With a timeout of 1ms two connections at work would be in each other's way.
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if n := rowsOf(t, path, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
	if _, err := OpenPool(path+".gone", s); err == nil {
		t.Error("a pool on a file that does not exist")
	}
}

// What the stamps cost: an INSERT with them against one without, on a file that is not synced.
func BenchmarkInsert(b *testing.B) {
	s := scenario.Scenario{Journal: scenario.WAL, Sync: "off", Txn: scenario.Auto, Batch: 1}
	for _, form := range []struct{ stamps, first, end string }{{"no", plainValue, ""}, {"yes", probedValue, probedEnd}} {
		b.Run("stamps="+form.stamps, func(b *testing.B) {
			path := b.TempDir() + "/messages.db"
			if err := Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
				b.Fatal(err)
			}
			c, err := Connect(path, s)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			in, err := newInserter(c.db, form.first, 1, form.end, 0)
			if err != nil {
				b.Fatal(err)
			}
			id := uuid.New()
			for b.Loop() {
				if err := in.insert(id); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A parameter for each row, and no more than SQLite takes.
func TestTheLargestBatch(t *testing.T) {
	s := scenarioOf(t, "batch=32766 sync=off")
	path := create(t, s)
	ids := newIDs(s.Batch)
	if _, err := connect(t, path, s).Transact(clock.Now(), ids); err != nil {
		t.Fatal(err)
	}
	if n := rowsOf(t, path, ids); n != len(ids) {
		t.Errorf("%d rows, want %d", n, len(ids))
	}
	if _, err := scenario.Parse("batch=32767"); err == nil || !strings.Contains(err.Error(), "to 32766") {
		t.Errorf("one more: %v", err)
	}
}
