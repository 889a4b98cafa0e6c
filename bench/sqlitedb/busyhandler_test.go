package sqlitedb

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// fakeSleeps are the sleeps, in µs, that SQLite asked for while [fakeSleep] was its sleep.
var fakeSleeps []int32

// fakeSleep records a sleep and returns at once.
func fakeSleep(_ *libc.TLS, _ uintptr, micros int32) int32 {
	fakeSleeps = append(fakeSleeps, micros)
	return micros
}

// replaceSleep makes SQLite record its sleeps instead of sleeping, until the test ends.
func replaceSleep(t *testing.T) {
	t.Helper()
	tls := libc.NewTLS()
	defer tls.Close()
	address := lib.Xsqlite3_vfs_find(tls, 0) // in C memory
	vfs := *(**lib.Tsqlite3_vfs)(unsafe.Pointer(&address))
	original := vfs.FxSleep
	vfs.FxSleep = cFunction(fakeSleep)
	t.Cleanup(func() { vfs.FxSleep = original })
}

// recordSleeps returns the sleeps of a statement that is refused a lock until it fails.
func recordSleeps(t *testing.T, statement func() error) []int32 {
	t.Helper()
	fakeSleeps = nil
	if err := statement(); ResultCode(err) != outcome.Busy {
		t.Errorf("error is %v, want SQLITE_BUSY", err)
	}
	return slices.Clone(fakeSleeps)
}

// The busy handler sleeps exactly as SQLite's own busy timeout does.
func TestBusyHandlerSleepsLikeSQLite(t *testing.T) {
	s := newScenario(t, "journal=delete")
	path := create(t, s)
	holdLock(t, path, s)
	own := connect(t, path, s)
	its, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer its.Close()
	replaceSleep(t)
	for _, ms := range []int{1, 2, 3, 4, 8, 17, 33, 78, 79, 228, 229, 327, 328, 329, 1000, 5000} {
		t.Run(fmt.Sprintf("%dms", ms), func(t *testing.T) {
			timeout := time.Duration(ms) * time.Millisecond
			own.SetBusy(scenario.Busy{Policy: scenario.Timeout, Timeout: timeout})
			its.SetBusyTimeout(timeout)
			got := recordSleeps(t, own.BeginImmediate)
			want := recordSleeps(t, func() error { return execute(its, "BEGIN IMMEDIATE") })
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("sleeps are %d µs, SQLite's are %d µs", got, want)
			}
			var sum int32
			for _, micros := range got {
				sum += micros
			}
			if sum != int32(timeout.Microseconds()) {
				t.Errorf("sleeps for %d µs, want %v", sum, timeout)
			}
		})
	}
}

func TestWithoutATimeoutTheBusyHandlerDoesNotSleep(t *testing.T) {
	for _, busy := range []string{"none", "retry"} {
		t.Run(busy, func(t *testing.T) {
			s := newScenario(t, "journal=delete busy="+busy)
			path := create(t, s)
			holdLock(t, path, s)
			c := connect(t, path, s)
			replaceSleep(t)
			if sleeps := recordSleeps(t, c.BeginImmediate); len(sleeps) > 0 {
				t.Errorf("sleeps are %d µs", sleeps)
			}
			if w := c.busy.waited; w.From == 0 || w.To != 0 {
				t.Errorf("recorded %+v, want a refusal without a sleep", w)
			}
		})
	}
}

// With busy=block the handler sleeps like the driver's, and has no timeout.
func TestBlockGoesOnAfterAnyNumberOfSleeps(t *testing.T) {
	for count, want := range map[int64]int32{
		0: 1, 1: 2, 2: 5, 3: 10, 4: 15, 5: 20, 6: 25, 7: 25, 8: 25, 9: 50, 10: 50, 11: 100, 12: 100,
		1e9: 100,
	} {
		var h busyHandler
		h.set(scenario.Busy{Policy: scenario.Block})
		if ms := busySleep(count, h.timeout); ms != want {
			t.Errorf("sleeps for %d ms after %d sleeps, want %d", ms, count, want)
		}
	}
}

// The driver has private fields of the names and types that handle reads.
func TestHandleIsThatOfTheConnection(t *testing.T) {
	s := newScenario(t, "")
	path := create(t, s)
	c := connect(t, path, s)
	tls, conn := handle(c.db)
	name := libc.GoString(lib.Xsqlite3_db_filename(tls, conn, 0))
	if real, err := filepath.EvalSymlinks(path); err != nil || name != real {
		t.Errorf("the handle's file is %s, want %s, %v", name, real, err)
	}
	if _, ok := busyHandlers.Load(conn); !ok {
		t.Error("the connection has no busy handler")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, ok := busyHandlers.Load(conn); ok {
		t.Error("the closed connection has a busy handler")
	}
}

// The handler sleeps for the same time again and again, until the timeout.
func TestPollSleepsForAConstantTime(t *testing.T) {
	h := &busyHandler{}
	h.set(scenario.Busy{Policy: scenario.Poll, Interval: 3 * time.Millisecond, Timeout: time.Hour})
	var sleeps []int32
	h.sleep = func(_ *libc.TLS, ms int32) { sleeps = append(sleeps, ms) }
	for count := range int64(20) {
		if !h.wait(nil, count) {
			t.Fatalf("gives up after %d sleeps", count)
		}
	}
	for _, ms := range sleeps {
		if ms != 3 {
			t.Errorf("sleeps are %v", sleeps)
			break
		}
	}
	h.waited.From -= int64(2 * time.Hour)
	if h.wait(nil, 20) {
		t.Error("does not give up after the timeout")
	}
}

// A connection that no other hinders does not wait, however long its calls take.
func TestALoneWriterDoesNotWait(t *testing.T) {
	for _, journal := range journals {
		for _, txn := range txns {
			for _, batch := range []string{"1", "5000"} {
				t.Run(journal+"/"+txn+"/batch="+batch, func(t *testing.T) {
					s := newScenario(t, "sync=off busy=5s journal="+journal+
						" txn="+txn+" batch="+batch)
					start := clock.Now()
					c, opening, err := ConnectAt(start, create(t, s), s)
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					if opening.WaitStart != 0 || opening.Duration != opening.End-start ||
						opening.LockWait != 0 {
						t.Errorf("opening is %+v since %d", opening, start)
					}
					trace, err := c.Transact(opening.End, newIDs(s.Batch))
					if err != nil || trace.WaitStart != 0 ||
						trace.BeginDuration != trace.LockAcquired-opening.End {
						t.Errorf("since %d: %+v, %v", opening.End, trace, err)
					}
				})
			}
		}
	}
}

// onRefusal replaces the sleep of a busy handler. It calls f at the n-th sleep, and
// returns the instants at which the first sleep began and the last ended.
func onRefusal(h *busyHandler, n int, f func()) *outcome.Span {
	var slept outcome.Span
	calls := 0
	h.sleep = func(*libc.TLS, int32) {
		if calls++; calls == 1 {
			slept.From = clock.Now()
		}
		if calls == n {
			f()
		}
		slept.To = clock.Now()
	}
	return &slept
}

// The wait lasts from the first refusal to the last sleep, in every journal mode. The time before
// and after belongs to the beginning of the transaction.
func TestTheWaitBeginsWhenTheLockIsRefused(t *testing.T) {
	for _, journal := range journals {
		for _, txn := range txns {
			if txn == scenario.Upgrade {
				continue // SQLite does not wait
			}
			t.Run(journal+"/"+txn, func(t *testing.T) {
				s := newScenario(t, "sync=off busy=60s journal="+journal+" txn="+txn)
				path := create(t, s)
				c, holder := connect(t, path, s), connect(t, path, s)
				if err := holder.BeginImmediate(); err != nil {
					t.Fatal(err)
				}
				slept := onRefusal(c.busy, 3, holder.rollback)
				start := clock.Now()
				trace, err := c.Transact(start, newIDs(1))
				if err != nil {
					t.Fatal(err)
				}
				work := trace.LockAcquired - start - trace.BeginDuration
				instants := []int64{
					start + 1, trace.WaitStart, slept.From, slept.To, trace.LockAcquired,
				}
				if !slices.IsSorted(instants) || work < slept.To-slept.From ||
					work > trace.LockAcquired-trace.WaitStart {
					t.Errorf("slept in %+v; trace since %d is %+v", slept, start, trace)
				}
			})
		}
	}
}

// SQLite does not call the busy handler for an upgrade while another connection writes, since
// waiting could not help. The error is then the refusal, and there was no wait.
func TestAnUpgradeIsRefusedWithoutAWait(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		t.Run(journal, func(t *testing.T) {
			s := newScenario(t, "sync=off busy=60s txn=upgrade journal="+journal)
			path := create(t, s)
			holdLock(t, path, s)
			c := connect(t, path, s)
			start := clock.Now()
			trace, err := c.Transact(start, newIDs(1))
			if ResultCode(err) != outcome.Busy || trace.LockWait != 0 || trace.LockAcquired != 0 ||
				trace.BeginDuration != trace.WaitStart-start {
				t.Errorf("since %d: %+v, %v", start, trace, err)
			}
		})
	}
}

// With a rollback journal the holder of BEGIN EXCLUSIVE lets no other read the schema.
func TestConnectingToALockedFileWaits(t *testing.T) {
	s := newScenario(t, "journal=delete busy=3ms")
	path := create(t, s)
	holder := connect(t, path, s)
	if err := execute(holder.db, "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	for busy, waits := range map[string]bool{"3ms": true, "none": false} {
		t.Run(busy, func(t *testing.T) {
			start := clock.Now()
			_, o, err := ConnectAt(start, path, newScenario(t, "journal=delete busy="+busy))
			if ResultCode(err) != outcome.Busy || o.WaitStart <= start ||
				o.Duration != o.WaitStart-start {
				t.Errorf("since %d: %+v, %v", start, o, err)
			}
			if waits != (o.LockWait >= 3e6) || !waits && o.LockWait != 0 ||
				o.LockWait > o.End-o.WaitStart {
				t.Errorf("waited for %d ns: %+v", o.LockWait, o)
			}
		})
	}
}

func TestConnectingToAMissingFileIsNotAWait(t *testing.T) {
	start := clock.Now()
	_, o, err := ConnectAt(start, filepath.Join(t.TempDir(), "none.db"), newScenario(t, ""))
	if err == nil || o.WaitStart != 0 || o.LockWait != 0 || o.Duration != o.End-start {
		t.Errorf("since %d: %+v, %v", start, o, err)
	}
}

// A wait of SQLite itself, without the busy handler, ends in SQLITE_PROTOCOL.
func TestLockWaitOfAnError(t *testing.T) {
	call := outcome.Span{From: 100, To: 200}
	for _, c := range []struct {
		name   string
		err    error
		waited outcome.Span
		want   int64
	}{
		{"success after a wait", nil, outcome.Span{From: 110, To: 120}, 0},
		{"no error of SQLite", errors.New("other"), outcome.Span{From: 110, To: 120}, 0},
		{"busy after sleeps", sqlite.ResultBusy.ToError(), outcome.Span{From: 110, To: 120}, 90},
		{"busy without a sleep", sqlite.ResultBusy.ToError(), outcome.Span{From: 110}, 0},
		{"busy without a call", sqlite.ResultBusySnapshot.ToError(), outcome.Span{}, 0},
		{"protocol", sqlite.ResultProtocol.ToError(), outcome.Span{}, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := lockWait(c.err, c.waited, call); got != c.want {
				t.Errorf("waited for %d ns, want %d", got, c.want)
			}
		})
	}
}
