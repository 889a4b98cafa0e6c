package sqlitedb

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func newIntruder(t *testing.T, path string, s scenario.Scenario) *Intruder {
	t.Helper()
	c, err := ConnectIntruder(path, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func notOver() bool { return false }

// A hold of 7 ms is asked for where there is one, and a writer finds the lock taken meanwhile.
func TestEveryKindOfIntruder(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for _, c := range []struct {
			kind        string
			rows        int // of the intruder
			held, locks bool
			phase       outcome.Phase
		}{
			{"backup", 0, false, false, outcome.Backup},
			{"vacuum", 0, false, true, outcome.Vacuum},
			{"bulk:5", 5, false, true, outcome.Bulk},
			{"lock:7ms", 0, true, true, outcome.Lock},
			{"read:7ms", 0, true, false, outcome.Read},
		} {
			t.Run(journal+"/"+c.kind, func(t *testing.T) {
				s := newScenario(t, "rows=2 busy=none payload=3 txn=immediate journal="+journal+
					" intruder="+c.kind)
				ids, more := newIDs(2), newIDs(c.rows)
				path := create(t, s, ids...)
				intruder, writer := newIntruder(t, path, s), connect(t, path, s)
				var held time.Duration
				before := clock.Now()
				trace, end, err := intruder.Intrude(before, more, func(d time.Duration) {
					held = d
					if err := execute(writer.db, "BEGIN IMMEDIATE"); (err != nil) != c.locks {
						t.Errorf("BEGIN IMMEDIATE of a writer meanwhile: %v", err)
					}
					rollBack(writer.db)
				}, notOver)
				if err != nil || end <= before || trace.Phase != c.phase {
					t.Errorf("the intrusion is %+v, %v", trace, err)
				}
				if c.held != (held == 7*time.Millisecond) {
					t.Errorf("held for %v", held)
				}
				if c.locks != (trace.LockAcquired >= before && trace.LockReleased == end) {
					t.Errorf("the lock from %d to %d is %+v", before, end, trace)
				}
				if rows := auditRows(t, path, append(ids, more...)); rows != 2+c.rows {
					t.Errorf("%d rows", rows)
				}
			})
		}
	}
}

// A backup copies the rows, and ends early if the round is over.
func TestABackup(t *testing.T) {
	s := newScenario(t, "rows=2000 payload=1000 intruder=backup")
	ids := newIDs(2000)
	path := create(t, s, ids...)
	for _, over := range []bool{true, false} {
		_, _, err := newIntruder(t, path, s).Intrude(clock.Now(), nil, noHold,
			func() bool { return over })
		if code := ResultCode(err); (code == outcome.Interrupt) != over || !over && err != nil {
			t.Errorf("over is %v: error is %v", over, err)
		}
	}
	if rows := auditRows(t, path+"-backup", ids); rows != 2000 {
		t.Errorf("the copy has %d rows", rows)
	}
}

// An intruder asks until the lock is free, however short the busy timeout of writers is.
func TestAnIntruderWaitsForTheLock(t *testing.T) {
	for _, kind := range []string{"vacuum", "bulk:1", "lock:1ms"} {
		t.Run(kind, func(t *testing.T) {
			s := newScenario(t, "txn=immediate busy=none intruder="+kind)
			path := create(t, s)
			intruder, holder := newIntruder(t, path, s), connect(t, path, s)
			if err := execute(holder.db, "BEGIN IMMEDIATE"); err != nil {
				t.Fatal(err)
			}
			waited := onRefusal(intruder.busy, 3, func() { rollBack(holder.db) })
			var rows []uuid.UUID
			if kind == "bulk:1" {
				rows = newIDs(1)
			}
			before := clock.Now()
			trace, end, err := intruder.Intrude(before, rows, noHold, notOver)
			if err != nil || trace.WaitStart < before || trace.WaitStart > waited.From ||
				trace.LockAcquired < waited.To || trace.LockReleased != end {
				t.Errorf("the intrusion from %d to %d is %+v, %v", before, end, trace, err)
			}
		})
	}
}
