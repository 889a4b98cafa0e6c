package sqlitedb

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// newReader returns a reader of a database.
func newReader(t *testing.T, path string, s scenario.Scenario) *Reader {
	t.Helper()
	r, err := ConnectReader(path, s, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func noHold(time.Duration) {}

// rowsSeen returns the number of rows in the last read of a reader.
func rowsSeen(r *Reader) int64 {
	return r.checker.Choose(func(n int64) int64 { return n - 1 })
}

// requireRead requires that a read succeeds and sees a number of rows.
func requireRead(t *testing.T, r *Reader, rows int64) {
	t.Helper()
	before := clock.Now()
	trace, end, err := r.Read(before, noHold)
	seen := rowsSeen(r)
	if err != nil || seen != rows || end <= before ||
		trace != (outcome.Trace{Phase: outcome.Read}) {
		t.Errorf("sees %d rows, want %d: %+v, %v", seen, rows, trace, err)
	}
	if !r.db.AutocommitEnabled() {
		t.Error("the transaction is open after the read")
	}
}

func TestEveryKindOfReadSeesTheRows(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for _, read := range []string{"point", "scan", "hold:1h"} {
			t.Run(journal+"/"+read, func(t *testing.T) {
				s := newScenario(t, "rows=2 batch=3 payload=5000 readers=1 journal="+journal+
					" read="+read)
				path := create(t, s, newIDs(2)...)
				reader, c := newReader(t, path, s), connect(t, path, s)
				requireRead(t, reader, 2)
				for rows := int64(5); rows <= 11; rows += 3 {
					if _, err := c.Transact(clock.Now(), newIDs(3)); err != nil {
						t.Fatal(err)
					}
					requireRead(t, reader, rows)
				}
			})
		}
	}
}

// A table that breaks what writers promise fails the next read.
func TestReadsFailIfACheckDoes(t *testing.T) {
	for _, c := range []struct{ name, read, sql, want string }{
		{
			"a row is gone", "point", "DELETE FROM messages WHERE rowid = 6",
			"5 rows, fewer than the 6 before",
		},
		{
			"a row is gone in a scan", "scan", "DELETE FROM messages WHERE rowid = 6",
			"5 rows, fewer than the 6 before",
		},
		{
			"a part of a transaction is there", "point",
			"INSERT INTO messages(msg) SELECT msg FROM messages LIMIT 1",
			"7 rows, which has 1 of a transaction of 2",
		},
		{
			"a part of a transaction is there, while a read is open", "hold:1h",
			"INSERT INTO messages(msg) SELECT msg FROM messages LIMIT 1",
			"7 rows, which has 1 of a transaction of 2",
		},
		{
			"rows are cut", "point", "UPDATE messages SET msg = substr(msg, 1, 10)",
			"has 10 bytes, not 36",
		},
		{
			"a row is cut", "scan", "UPDATE messages SET msg = substr(msg, 1, 10) WHERE rowid = 4",
			"6 rows have 190 bytes, not 36 each",
		},
		{
			"a rowid is missing", "scan", "UPDATE messages SET rowid = 8 WHERE rowid = 6",
			"one transaction sees 6 rows, and then 8",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScenario(t, "rows=6 batch=2 readers=1 read="+c.read)
			path := create(t, s, newIDs(6)...)
			reader := newReader(t, path, s)
			requireRead(t, reader, 6)
			if err := execute(connect(t, path, s).db, c.sql); err != nil {
				t.Fatal(err)
			}
			_, _, err := reader.Read(clock.Now(), noHold)
			if err == nil || !strings.Contains(err.Error(), "read check: ") ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
			if ResultCode(err).IsLock() {
				t.Errorf("%v is a lock error", err)
			}
		})
	}
}

// The reader's own transaction stands in for a database that mixes two snapshots.
func TestAReadThatSeesTwoSnapshotsFails(t *testing.T) {
	s := newScenario(t, "rows=1 readers=1 read=hold:7ms")
	path := create(t, s, newIDs(1)...)
	reader := newReader(t, path, s)
	var held time.Duration
	_, _, err := reader.Read(clock.Now(), func(length time.Duration) {
		held = length
		const insert = "INSERT INTO messages(msg) SELECT msg FROM messages LIMIT 1"
		if err := execute(reader.db, insert); err != nil {
			t.Error(err)
		}
	})
	const want = "one transaction sees 1 rows, and then 2"
	if err == nil || !strings.Contains(err.Error(), want) || held != 7*time.Millisecond {
		t.Errorf("error is %v after a hold of %v, want %q", err, held, want)
	}
	requireRead(t, reader, 1)
}

// While a read is kept open, others commit in WAL mode, and the read does not see it.
func TestAnOpenReadKeepsItsSnapshot(t *testing.T) {
	s := newScenario(t, "journal=wal readers=1 read=hold:1h")
	path := create(t, s)
	reader, c := newReader(t, path, s), connect(t, path, s)
	_, _, err := reader.Read(clock.Now(), func(time.Duration) {
		if _, err := c.Transact(clock.Now(), newIDs(1)); err != nil {
			t.Error(err)
		}
	})
	if seen := rowsSeen(reader); err != nil || seen != 0 {
		t.Errorf("sees %d rows, want 0: %v", seen, err)
	}
	requireRead(t, reader, 1)
}

// A reader that meets a lock waits as the busy policy says, and reads again when it is free.
func TestAReadThatMeetsALock(t *testing.T) {
	for _, read := range []string{"point", "scan", "hold:1h"} {
		for _, busy := range []string{"none", "1ms"} {
			t.Run(fmt.Sprintf("read=%s busy=%s", read, busy), func(t *testing.T) {
				s := newScenario(t, "journal=delete txn=exclusive readers=1 read="+read+
					" busy="+busy)
				path := create(t, s)
				reader, holder := newReader(t, path, s), connect(t, path, s)
				if err := holder.BeginExclusive(); err != nil {
					t.Fatal(err)
				}
				before := clock.Now()
				trace, end, err := reader.Read(before, noHold)
				if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Read ||
					trace.WaitStart < before || trace.WaitStart > end ||
					(trace.LockWait > 0) != (busy == "1ms") {
					t.Errorf("the read from %d to %d is %+v, %v", before, end, trace, err)
				}
				holder.rollback()
				requireRead(t, reader, 0)
			})
		}
	}
}

func TestAReaderHasThePragmasOfTheScenario(t *testing.T) {
	s := newScenario(t, "readers=1 pragma.cache_size=-4321")
	reader := newReader(t, create(t, s), s)
	if got, err := pragma(reader.db, "cache_size", ""); got != "-4321" || err != nil {
		t.Errorf("cache_size is %q, %v", got, err)
	}
}

func TestConnectReaderRejectsAMissingFile(t *testing.T) {
	s := newScenario(t, "readers=1")
	if _, err := ConnectReader(t.TempDir()+"/none.db", s, nil); err == nil {
		t.Error("no error")
	}
}
