package writer

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// held takes the write lock of a task's database until the function that it returns is called.
func held(t *testing.T, task protocol.Task) (letGo func()) {
	t.Helper()
	holder, err := sqlitedb.Connect(task.Database, sqlitedb.WithSetupTimeout(task.Scenario))
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.BeginImmediate(); err != nil {
		t.Fatal(err)
	}
	return func() { holder.Close() }
}

// Every way to write leaves instants in their order, in goroutines that contend.
func TestInstantsAreInOrder(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for _, txn := range []string{"auto", "deferred", "immediate", "exclusive", "upgrade"} {
			for _, conn := range []string{"fresh", "held", "pool"} {
				for _, busy := range []string{"none", "60s", "block", "retry:60s", "queue:60s"} {
					instantsInOrder(t, "batch=2 journal="+journal+" txn="+txn+" conn="+conn+" busy="+busy)
				}
			}
		}
	}
}

func instantsInOrder(t *testing.T, axes string) {
	task := task(t, axes)
	const writers = 3
	all := make(chan outcome.Series, writers)
	for number := range writers {
		task.Writer = number
		w, err := New(task)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			o := w.Run(until(clock.Now() + 3e6))
			if err := w.Close(); err != nil {
				t.Error(err)
			}
			all <- o
		}()
	}
	var together outcome.Series
	for range writers {
		o := <-all
		together.Outcomes = append(together.Outcomes, o.Outcomes...)
		together.IDs = append(together.IDs, o.IDs...)
		for _, text := range o.Messages {
			t.Errorf("%s: %s", axes, text)
		}
	}
	for _, o := range together.Outcomes {
		instants := []int64{o.Start, o.WaitStart, o.LockAcquired, o.CommitStart, o.LockReleased, o.End}
		if o.LockAcquired == 0 && o.CommitStart == 0 && o.LockReleased == 0 {
			instants = []int64{o.Start, o.WaitStart, o.End}
		}
		if until := cmp.Or(o.LockAcquired, o.End); o.OpenDuration < 0 || o.BeginDuration < 0 || o.OpenDuration+o.BeginDuration > until-o.Start {
			t.Errorf("%s: opening and beginning took longer than there was time: %+v", axes, o)
		}
		if !slices.IsSorted(instants) || o.Acknowledged() == (o.LockAcquired == 0) && o.Phase != outcome.Commit || o.LockError() != (o.LockWait != 0) {
			t.Errorf("%s: outcome is %+v", axes, o)
		}
	}
	audit(t, task.Database, together)
}

func TestRetryGoesOnUntilTheLockIsFree(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		task := task(t, "busy=retry:60s conn="+conn)
		w, err := New(task)
		if err != nil {
			t.Fatal(err)
		}
		letGo := held(t, task)
		ended := make(chan outcome.Series)
		go func() { ended <- w.Run(outcome.Schedule{}) }()
		time.Sleep(5 * time.Millisecond) // for several tries; one is as good
		free := clock.Now()
		letGo()
		o := <-ended
		if first := o.Outcomes[0]; !first.Acknowledged() || first.LockAcquired < free || first.WaitStart > free {
			t.Errorf("%s: lock free at %d, outcome is %+v", conn, free, first)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		audit(t, task.Database, o)
	}
}

func TestBoundsAreKept(t *testing.T) {
	const bound = 20 * time.Millisecond
	for _, c := range []struct {
		axes  string
		phase outcome.Phase
		code  outcome.Code
	}{
		{"busy=retry:20ms conn=held", outcome.Insert, outcome.Busy},
		{"busy=retry:20ms conn=fresh txn=immediate", outcome.Begin, outcome.Busy},
		{"busy=20ms conn=fresh", outcome.Insert, outcome.Busy},
	} {
		task := task(t, c.axes)
		w, err := New(task)
		if err != nil {
			t.Fatal(err)
		}
		letGo := held(t, task)
		o := w.Run(outcome.Schedule{}).Outcomes[0]
		if o.Code != c.code || o.Phase != c.phase || o.LockAcquired != 0 || o.LockWait < int64(bound)*99/100 || o.LockWait > o.End-o.Start {
			t.Errorf("%s: outcome is %+v", c.axes, o)
		}
		letGo()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// The sleeps are drawn from their range, and not always the same.
func TestNaps(t *testing.T) {
	task := task(t, "busy=retry")
	w, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	seen := map[time.Duration]bool{}
	for range 1000 {
		nap := w.backoff()
		if nap < 500*time.Microsecond || nap >= 1500*time.Microsecond {
			t.Fatalf("a nap of %v", nap)
		}
		seen[nap] = true
	}
	if len(seen) < 900 {
		t.Errorf("only %d different naps in 1000", len(seen))
	}
	w.retryUntil = clock.Now() - 1
	if w.sleepBeforeRetry() {
		t.Error("slept beyond the bound")
	}
}

// A try that held the lock and failed stays on record when the next one succeeds.
func TestHoldsOfFailedTriesAreKept(t *testing.T) {
	task := task(t, "journal=delete busy=retry:60s txn=auto")
	w, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	// A reader lets an INSERT take the write lock and keeps its commit from the file.
	patient := sqlitedb.WithSetupTimeout(task.Scenario)
	reader, err := sqlitedb.Connect(task.Database, patient)
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.BeginRead(); err != nil {
		t.Fatal(err)
	}
	naps := 0
	w.jitter = rand.New(source(func() uint64 {
		if naps++; naps == 3 {
			reader.Close()
		}
		return rand.Uint64()
	}))
	o := w.Run(outcome.Schedule{})
	last := int64(0)
	for _, v := range o.FailedHolds {
		if v.From <= last || v.To < v.From || v.To > o.Outcomes[0].LockAcquired {
			t.Errorf("held in vain %+v, then %+v", o.FailedHolds, o.Outcomes[0])
		}
		last = v.To
	}
	if len(o.FailedHolds) != 3 || !o.Outcomes[0].Acknowledged() {
		t.Errorf("outcomes are %+v", o)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	audit(t, task.Database, o)
}

// source is a source of naps that tells when it is asked for one.
type source func() uint64

func (s source) Uint64() uint64 { return s() }

// holdLockFile takes the queue's lock as another writer would.
func holdLockFile(t *testing.T, database string) *os.File {
	t.Helper()
	f, err := os.OpenFile(database+"-queue", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestQueueGivesUpAndLetsGo(t *testing.T) {
	task := task(t, "busy=queue:20ms conn=fresh")
	w, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	other := holdLockFile(t, task.Database)
	for range 2 { // each leaves a wait behind that nothing can end
		o := w.attempt(clock.Now())
		if o.Code != outcome.QueueTimeout || !o.LockError() || o.Phase != outcome.Queue || o.LockAcquired != 0 ||
			o.LockWait < 20e6 || o.WaitStart < o.Start || o.WaitStart > o.End {
			t.Errorf("outcome behind a queue that does not move: %+v", o)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(task.Database)); !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), "-queue") }) {
		t.Errorf("no sidecar in %v", entries)
	}
	other.Close()
	// The locks that come after giving up are let go at once: others get in.
	again := holdLockFile(t, task.Database)
	again.Close()
	w.task.Scenario.Busy.Timeout = time.Minute
	if o := w.attempt(clock.Now()); !o.Acknowledged() {
		t.Errorf("outcome once the queue moves: %+v", o)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// In the queue nobody ever meets another in the database: with SQLite itself not waiting at all,
// nobody is refused. The lock is kept until the connection is closed.
func TestQueueKeepsWritersApart(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		task := task(t, "journal=delete busy=queue:60s conn="+conn)
		const writers = 8
		var ready []*Writer
		for number := range writers {
			task.Writer = number
			w, err := New(task)
			if err != nil {
				t.Fatal(err)
			}
			if w.conn != nil {
				w.conn.SetBusy(scenario.Busy{Policy: scenario.None})
			}
			ready = append(ready, w)
		}
		all := make(chan outcome.Series, writers)
		for _, w := range ready {
			go func() {
				o := w.Run(until(clock.Now() + 20e6))
				if err := w.Close(); err != nil {
					t.Error(err)
				}
				all <- o
			}()
		}
		for range writers {
			for _, o := range (<-all).Outcomes {
				if !o.Acknowledged() {
					t.Errorf("%s: outcome is %+v", conn, o)
				}
			}
		}
	}
}

// The writers of a process share one connection; the last to leave closes it.
func TestPoolIsSharedInAProcess(t *testing.T) {
	task := task(t, "conn=pool busy=none")
	a, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	task.Writer = 1
	b, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	if a.pool != b.pool {
		t.Error("two writers, two pools")
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if o := b.Run(outcome.Schedule{}).Outcomes[0]; !o.Acknowledged() {
		t.Errorf("after the first has left: %+v", o)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if len(pools.open) != 0 {
		t.Errorf("pools left open: %v", pools.open)
	}
	task.Database += ".gone"
	if _, err := New(task); err == nil {
		t.Error("a pool on a file that does not exist")
	}
}
