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

	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// held takes the write lock of a task's database until the function that it returns is called.
func held(t *testing.T, task Task) (letGo func()) {
	t.Helper()
	holder, err := sqlitedb.Connect(task.Database, sqlitedb.Patiently(task.Scenario))
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Hold(); err != nil {
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
	all := make(chan Outcomes, writers)
	for number := range writers {
		task.Writer = number
		w, err := Prepare(task)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			o := w.Run(host.Now() + 3e6)
			if err := w.Finish(); err != nil {
				t.Error(err)
			}
			all <- o
		}()
	}
	var together Outcomes
	for range writers {
		o := <-all
		together.List = append(together.List, o.List...)
		together.IDs = append(together.IDs, o.IDs...)
		for _, text := range o.Messages {
			t.Errorf("%s: %s", axes, text)
		}
	}
	for _, o := range together.List {
		instants := []int64{o.Start, o.Asked, o.Got, o.In, o.LetGo, o.End}
		if o.Got == 0 && o.In == 0 && o.LetGo == 0 {
			instants = []int64{o.Start, o.Asked, o.End}
		}
		if until := cmp.Or(o.Got, o.End); o.Open < 0 || o.Begin < 0 || o.Open+o.Begin > until-o.Start {
			t.Errorf("%s: opening and beginning took longer than there was time: %+v", axes, o)
		}
		if !slices.IsSorted(instants) || o.Acknowledged() == (o.Got == 0) && o.Phase != sqlitedb.Commit || o.LockError() != (o.Waited != 0) {
			t.Errorf("%s: outcome is %+v", axes, o)
		}
	}
	audit(t, task.Database, together)
}

func TestRetryGoesOnUntilTheLockIsFree(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		task := task(t, "busy=retry:60s conn="+conn)
		w, err := Prepare(task)
		if err != nil {
			t.Fatal(err)
		}
		letGo := held(t, task)
		ended := make(chan Outcomes)
		go func() { ended <- w.Run(0) }()
		time.Sleep(5 * time.Millisecond) // for several tries; one is as good
		free := host.Now()
		letGo()
		o := <-ended
		if first := o.List[0]; !first.Acknowledged() || first.Got < free || first.Asked > free {
			t.Errorf("%s: lock free at %d, outcome is %+v", conn, free, first)
		}
		if err := w.Finish(); err != nil {
			t.Error(err)
		}
		audit(t, task.Database, o)
	}
}

func TestBoundsAreKept(t *testing.T) {
	const bound = 20 * time.Millisecond
	for _, c := range []struct {
		axes  string
		phase sqlitedb.Phase
		code  sqlitedb.Code
	}{
		{"busy=retry:20ms conn=held", sqlitedb.Insert, sqlitedb.Busy},
		{"busy=retry:20ms conn=fresh txn=immediate", sqlitedb.Begin, sqlitedb.Busy},
		{"busy=20ms conn=fresh", sqlitedb.Insert, sqlitedb.Busy},
	} {
		task := task(t, c.axes)
		w, err := Prepare(task)
		if err != nil {
			t.Fatal(err)
		}
		letGo := held(t, task)
		o := w.Run(0).List[0]
		if o.Code != c.code || o.Phase != c.phase || o.Got != 0 || o.Waited < int64(bound)*99/100 || o.Waited > o.End-o.Start {
			t.Errorf("%s: outcome is %+v", c.axes, o)
		}
		letGo()
		if err := w.Finish(); err != nil {
			t.Error(err)
		}
	}
}

// The sleeps are drawn from their range, and not always the same.
func TestNaps(t *testing.T) {
	task := task(t, "busy=retry")
	w, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Finish()
	seen := map[time.Duration]bool{}
	for range 1000 {
		nap := w.nap()
		if nap < 500*time.Microsecond || nap >= 1500*time.Microsecond {
			t.Fatalf("a nap of %v", nap)
		}
		seen[nap] = true
	}
	if len(seen) < 900 {
		t.Errorf("only %d different naps in 1000", len(seen))
	}
	if w.sleep(host.Now() - 1) {
		t.Error("slept beyond the bound")
	}
}

// A try that held the lock and failed stays on record when the next one succeeds.
func TestHoldsOfFailedTriesAreKept(t *testing.T) {
	task := task(t, "journal=delete busy=retry:60s txn=auto")
	w, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	// A reader lets an INSERT take the write lock and keeps its commit from the file.
	patient := sqlitedb.Patiently(task.Scenario)
	reader, err := sqlitedb.Connect(task.Database, patient)
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Read(); err != nil {
		t.Fatal(err)
	}
	naps := 0
	w.jitter = rand.New(source(func() uint64 {
		if naps++; naps == 3 {
			reader.Close()
		}
		return rand.Uint64()
	}))
	o := w.Run(0)
	last := int64(0)
	for _, v := range o.Vain {
		if v.From <= last || v.To < v.From || v.To > o.List[0].Got {
			t.Errorf("held in vain %+v, then %+v", o.Vain, o.List[0])
		}
		last = v.To
	}
	if len(o.Vain) != 3 || !o.List[0].Acknowledged() {
		t.Errorf("outcomes are %+v", o)
	}
	if err := w.Finish(); err != nil {
		t.Error(err)
	}
	audit(t, task.Database, o)
}

// source is a source of naps that tells when it is asked for one.
type source func() uint64

func (s source) Uint64() uint64 { return s() }

// lockSidecar takes the queue's lock as another writer would.
func lockSidecar(t *testing.T, database string) *os.File {
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
	w, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	other := lockSidecar(t, task.Database)
	for range 2 { // each leaves a wait behind that nothing can end
		o := w.attempt(host.Now())
		if o.Code != sqlitedb.QueueTimeout || !o.LockError() || o.Phase != sqlitedb.Queue || o.Got != 0 ||
			o.Waited < 20e6 || o.Asked < o.Start || o.Asked > o.End {
			t.Errorf("outcome behind a queue that does not move: %+v", o)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(task.Database)); !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), "-queue") }) {
		t.Errorf("no sidecar in %v", entries)
	}
	other.Close()
	// The locks that come after giving up are let go at once: others get in.
	again := lockSidecar(t, task.Database)
	again.Close()
	w.task.Scenario.Busy.Timeout = time.Minute
	if o := w.attempt(host.Now()); !o.Acknowledged() {
		t.Errorf("outcome once the queue moves: %+v", o)
	}
	if err := w.Finish(); err != nil {
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
			w, err := Prepare(task)
			if err != nil {
				t.Fatal(err)
			}
			if w.conn != nil {
				w.conn.SetBusy(scenario.Busy{Policy: scenario.None})
			}
			ready = append(ready, w)
		}
		all := make(chan Outcomes, writers)
		for _, w := range ready {
			go func() {
				o := w.Run(host.Now() + 20e6)
				if err := w.Finish(); err != nil {
					t.Error(err)
				}
				all <- o
			}()
		}
		for range writers {
			for _, o := range (<-all).List {
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
	a, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	task.Writer = 1
	b, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	if a.pool != b.pool {
		t.Error("two writers, two pools")
	}
	if err := a.Finish(); err != nil {
		t.Error(err)
	}
	if o := b.Run(0).List[0]; !o.Acknowledged() {
		t.Errorf("after the first has left: %+v", o)
	}
	if err := b.Finish(); err != nil {
		t.Error(err)
	}
	if len(pools.open) != 0 {
		t.Errorf("pools left open: %v", pools.open)
	}
	task.Database += ".gone"
	if _, err := Prepare(task); err == nil {
		t.Error("a pool on a file that does not exist")
	}
}
