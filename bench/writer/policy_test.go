package writer

import (
	"cmp"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/wait"
)

// holdLock takes the write lock of a task's database until release is called.
func holdLock(t *testing.T, task protocol.Task) (release func()) {
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

// Three goroutines contend in every combination of settings.
func TestInstantsOfAnOutcomeAreInOrder(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for _, txn := range []string{"auto", "deferred", "immediate", "exclusive", "upgrade"} {
			for _, conn := range []string{"fresh", "held", "pool"} {
				for _, busy := range []string{"none", "60s", "block", "retry:60s", "queue:60s"} {
					name := journal + "/" + txn + "/" + conn + "/" + busy
					axes := "batch=2 journal=" + journal + " txn=" + txn +
						" conn=" + conn + " busy=" + busy
					t.Run(name, func(t *testing.T) { requireInstantsInOrder(t, axes) })
				}
			}
		}
	}
}

func requireInstantsInOrder(t *testing.T, axes string) {
	t.Helper()
	task := newTask(t, axes)
	all := runConcurrently(t, newWriters(t, task, 3), 3e6)
	for _, text := range all.Messages {
		t.Error(text)
	}
	for _, o := range all.Outcomes {
		instants := []int64{
			o.Start, cmp.Or(o.WaitStart, o.Start), o.LockAcquired, o.CommitStart, o.LockReleased,
			o.End,
		}
		if o.LockAcquired == 0 && o.CommitStart == 0 && o.LockReleased == 0 {
			instants = []int64{o.Start, o.WaitStart, o.End}
		}
		if !slices.IsSorted(instants) {
			t.Errorf("instants %d are not in order: %+v", instants, o)
		}
		before := cmp.Or(o.LockAcquired, o.End) - o.Start
		if o.OpenDuration < 0 || o.BeginDuration < 0 || o.OpenDuration+o.BeginDuration > before {
			t.Errorf("opening and beginning took longer than the %d ns there were: %+v", before, o)
		}
		if o.Acknowledged() == (o.LockAcquired == 0) && o.Phase != outcome.Commit {
			t.Errorf("acknowledged without the lock, or the reverse: %+v", o)
		}
		if o.WaitStart == 0 && o.OpenDuration+o.BeginDuration != before {
			t.Errorf("never waited, but of %d ns before the lock some are missing: %+v", before, o)
		}
		if o.LockWait != 0 && (!o.LockError() || o.LockWait > o.End-o.Start) {
			t.Errorf("waited before something that is no lock error, or for too long: %+v", o)
		}
	}
	requireAudit(t, task.Database, all)
}

// newWriters returns n writers of a task, numbered from 0.
func newWriters(t *testing.T, task protocol.Task, n int) (writers []*Writer) {
	t.Helper()
	for number := range n {
		task.Number = number
		writers = append(writers, newWriter(t, task))
	}
	return writers
}

// runConcurrently runs writers for a number of nanoseconds each, closes them, and returns all
// outcomes in one series. The keys of its messages are arbitrary.
func runConcurrently(t *testing.T, writers []*Writer, length int64) (all outcome.Series) {
	t.Helper()
	each := make(chan outcome.Series, len(writers))
	for _, w := range writers {
		go func() {
			s := w.Run(sustainedUntil(clock.Now()+length), Tail{})
			if err := w.Close(); err != nil {
				t.Error(err)
			}
			each <- s
		}()
	}
	all.Messages = map[int]string{}
	for range writers {
		s := <-each
		all.Outcomes = append(all.Outcomes, s.Outcomes...)
		all.IDs = append(all.IDs, s.IDs...)
		for _, text := range s.Messages {
			all.Messages[len(all.Messages)] = text
		}
	}
	return all
}

// A writer that no other hinders waits for nothing, and all of its time before the lock is
// connecting and beginning.
func TestALoneWriterDoesNotWait(t *testing.T) {
	for _, conn := range []string{"fresh", "held", "pool", "pool:3", "mutex", "writer"} {
		for _, busy := range []string{"none", "5s", "block", "retry", "queue", "lease:1h:2h"} {
			for _, txn := range []string{"auto", "deferred", "immediate", "upgrade"} {
				for _, batch := range []string{"1", "2000"} {
					name := conn + "/" + busy + "/" + txn + "/batch=" + batch
					t.Run(name, func(t *testing.T) {
						task := newTask(t,
							"conn="+conn+" busy="+busy+" txn="+txn+" batch="+batch)
						requireNoWait(t, run(t, task, burst))
					})
				}
			}
		}
	}
}

func requireNoWait(t *testing.T, s outcome.Series) {
	t.Helper()
	for _, o := range s.Outcomes {
		before := o.LockAcquired - o.Start
		if !o.Acknowledged() || o.WaitStart != 0 || o.OpenDuration+o.BeginDuration != before {
			t.Errorf("waited, or %d ns before the lock are not accounted for: %+v", before, o)
		}
	}
}

func TestALoneWriterDoesNotWaitInEitherQueue(t *testing.T) {
	for _, queue := range []string{"connection", "transaction"} {
		for _, conn := range []string{"fresh", "held", "pool", "mutex", "writer"} {
			t.Run(queue+"/"+conn, func(t *testing.T) {
				task := newTask(t, "busy=queue queue="+queue+" conn="+conn)
				requireNoWait(t, run(t, task, sustainedUntil(clock.Now()+2e6)))
			})
		}
	}
}

// While another writer holds the lock file, a writer has connected or not, by the place of the
// queue.
func TestPlaceOfTheQueue(t *testing.T) {
	for _, c := range []struct {
		queue, conn string
		connects    bool
	}{
		{"connection", "fresh", false},
		{"transaction", "fresh", true},
		{"connection", "held", false},
		{"transaction", "held", false},
		{"transaction", "pool", false},
	} {
		t.Run(c.queue+"/"+c.conn, func(t *testing.T) {
			task := newTask(t, "busy=queue:2ms queue="+c.queue+" conn="+c.conn)
			w := newWriter(t, task)
			other := holdLockFile(t, task.Database)
			o := w.Run(burst, Tail{}).Outcomes[0]
			if o.Code != outcome.QueueTimeout || o.Phase != outcome.Queue ||
				o.LockWait < 2e6 || o.LockWait > o.End-o.WaitStart {
				t.Errorf("outcome is %+v", o)
			}
			if c.connects != (o.OpenDuration > 0) || o.WaitStart != o.Start+o.OpenDuration {
				t.Errorf("connected before the queue or not: %+v", o)
			}
			other.Close()
			closeWriter(t, w)
		})
	}
}

// A writer has the lock file before its transaction has the write lock, and releases it.
func TestTheTransactionIsWithinTheQueue(t *testing.T) {
	for _, queue := range []string{"connection", "transaction"} {
		t.Run(queue, func(t *testing.T) {
			task := newTask(t, "busy=queue:60s conn=fresh queue="+queue)
			w := newWriter(t, task)
			release := holdLock(t, task)
			outcomes := make(chan outcome.Outcome)
			go func() { outcomes <- w.Run(burst, Tail{}).Outcomes[0] }()
			waitUntilHeld(t, task.Database)
			free := clock.Now()
			release()
			if o := <-outcomes; !o.Acknowledged() || o.LockAcquired < free {
				t.Errorf("the write lock was free at %d: %+v", free, o)
			}
			closeWriter(t, w)
			holdLockFile(t, task.Database).Close() // it is free
		})
	}
}

// waitUntilHeld waits until a writer has the lock of the lock file.
func waitUntilHeld(t *testing.T, database string) {
	t.Helper()
	l, err := openLockFile(lockFileName(database))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	for {
		switch free, err := l.tryAcquire(); {
		case err != nil:
			t.Fatal(err)
		case !free:
			return
		}
		if err := l.release(); err != nil {
			t.Fatal(err)
		}
		runtime.Gosched()
	}
}

func TestRetryGoesOnUntilTheLockIsFree(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		t.Run("conn="+conn, func(t *testing.T) {
			task := newTask(t, "busy=retry:60s conn="+conn)
			w := newWriter(t, task)
			release := holdLock(t, task)
			// The second sleep shows that the writer has tried twice.
			var free int64
			sleeps := 0
			w.jitter = rand.New(sourceFunc(func() uint64 {
				if sleeps++; sleeps == 2 {
					free = clock.Now()
					release()
				}
				return rand.Uint64()
			}))
			s := w.Run(burst, Tail{})
			o := s.Outcomes[0]
			if !o.Acknowledged() || o.LockAcquired < free || o.WaitStart > free {
				t.Errorf("the lock was free at %d; outcome is %+v", free, o)
			}
			closeWriter(t, w)
			requireAudit(t, task.Database, s)
		})
	}
}

func TestAnAttemptEndsAtItsTimeout(t *testing.T) {
	const timeout = 20 * time.Millisecond
	for _, c := range []struct {
		name, axes string
		phase      outcome.Phase
		code       outcome.Code
	}{
		{
			"retried INSERT over a held connection",
			"busy=retry:20ms conn=held", outcome.Insert, outcome.Busy,
		},
		{
			"retried BEGIN over a fresh connection",
			"busy=retry:20ms conn=fresh txn=immediate", outcome.Begin, outcome.Busy,
		},
		{
			"SQLite's busy timeout",
			"busy=20ms conn=fresh", outcome.Insert, outcome.Busy,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			task := newTask(t, c.axes)
			w := newWriter(t, task)
			release := holdLock(t, task)
			o := w.Run(burst, Tail{}).Outcomes[0]
			if o.Code != c.code || o.Phase != c.phase || o.LockAcquired != 0 {
				t.Errorf("outcome is %+v", o)
			}
			if o.LockWait < int64(timeout)*99/100 || o.LockWait > o.End-o.Start {
				t.Errorf("waited %d ns, want at least %v: %+v", o.LockWait, timeout, o)
			}
			release()
			closeWriter(t, w)
		})
	}
}

func TestBackoffIsRandomWithinItsRange(t *testing.T) {
	for _, c := range []struct {
		busy           string
		least, longest time.Duration
	}{
		{"retry", 500 * time.Microsecond, 1500 * time.Microsecond},
		{"retry:2ms-20ms:1m", 2 * time.Millisecond, 20 * time.Millisecond},
	} {
		t.Run(c.busy, func(t *testing.T) {
			w := newWriter(t, newTask(t, "busy="+c.busy))
			defer closeWriter(t, w)
			seen := map[time.Duration]bool{}
			for range 1000 {
				d := w.backoff()
				if d < c.least || d >= c.longest {
					t.Fatalf("backoff is %v, want %v to %v", d, c.least, c.longest)
				}
				seen[d] = true
			}
			if len(seen) < 900 {
				t.Errorf("only %d different backoffs of 1000", len(seen))
			}
		})
	}
}

func TestNoSleepAfterTheTimeout(t *testing.T) {
	w := newWriter(t, newTask(t, "busy=retry"))
	defer closeWriter(t, w)
	w.retryUntil = clock.Now() - 1
	if w.sleepBeforeRetry() {
		t.Error("slept after the timeout")
	}
}

// A try that held the lock and failed stays recorded when a later one succeeds.
func TestHoldsOfFailedTriesAreRecorded(t *testing.T) {
	task := newTask(t, "journal=delete busy=retry:60s txn=auto")
	w := newWriter(t, task)
	// A reader lets an INSERT take the write lock but blocks its commit.
	reader, err := sqlitedb.Connect(task.Database, sqlitedb.WithSetupTimeout(task.Scenario))
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.BeginRead(); err != nil {
		t.Fatal(err)
	}
	sleeps := 0
	w.jitter = rand.New(sourceFunc(func() uint64 {
		if sleeps++; sleeps == 3 {
			reader.Close()
		}
		return rand.Uint64()
	}))
	s := w.Run(burst, Tail{})
	last := int64(0)
	for _, hold := range s.FailedHolds {
		if hold.From <= last || hold.To < hold.From || hold.To > s.Outcomes[0].LockAcquired {
			t.Errorf("failed holds are %+v, the outcome %+v", s.FailedHolds, s.Outcomes[0])
		}
		last = hold.To
	}
	if len(s.FailedHolds) != 3 || !s.Outcomes[0].Acknowledged() ||
		s.Outcomes[0].WaitStart != s.FailedHolds[0].From {
		t.Errorf("series is %+v", s)
	}
	closeWriter(t, w)
	requireAudit(t, task.Database, s)
}

// sourceFunc is a random source that calls a function.
type sourceFunc func() uint64

func (f sourceFunc) Uint64() uint64 { return f() }

// holdLockFile takes the lock of the lock file, as another writer would.
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

func TestAQueueTimeoutReleasesTheLockFile(t *testing.T) {
	task := newTask(t, "busy=queue:20ms conn=fresh")
	w := newWriter(t, task)
	other := holdLockFile(t, task.Database)
	for range 2 { // each leaves a flock(2) behind that cannot be cancelled
		o := w.attempt(clock.Now())
		if o.Code != outcome.QueueTimeout || !o.LockError() || o.Phase != outcome.Queue {
			t.Errorf("outcome while another writer holds the lock file: %+v", o)
		}
		if o.LockAcquired != 0 || o.LockWait < 20e6 ||
			o.WaitStart < o.Start || o.WaitStart > o.End {
			t.Errorf("instants while another writer holds the lock file: %+v", o)
		}
	}
	if _, err := os.Stat(task.Database + "-queue"); err != nil {
		t.Errorf("no lock file: %v", err)
	}
	other.Close()
	// The locks that are granted after the timeout are released at once.
	holdLockFile(t, task.Database).Close()
	w.task.Scenario.Busy.Timeout = time.Minute
	if o := w.attempt(clock.Now()); !o.Acknowledged() {
		t.Errorf("outcome when the lock file is free: %+v", o)
	}
	closeWriter(t, w)
}

// In the queue no writer meets another's lock, even if SQLite does not wait at all. A fresh
// connection is closed before the next writer's turn.
func TestQueuedWritersMeetNoLock(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		t.Run("conn="+conn, func(t *testing.T) {
			writers := newWriters(t, newTask(t, "journal=delete busy=queue:60s conn="+conn), 8)
			for _, w := range writers {
				if w.conn != nil {
					w.conn.SetBusy(scenario.Busy{Policy: scenario.None})
				}
			}
			for _, o := range runConcurrently(t, writers, 20e6).Outcomes {
				if !o.Acknowledged() {
					t.Errorf("outcome is %+v", o)
				}
			}
		})
	}
}

func TestWritersOfAProcessShareAPool(t *testing.T) {
	task := newTask(t, "conn=pool busy=none")
	writers := newWriters(t, task, 2)
	if writers[0].pool != writers[1].pool {
		t.Error("two writers have two pools")
	}
	closeWriter(t, writers[0])
	if o := writers[1].Run(burst, Tail{}).Outcomes[0]; !o.Acknowledged() {
		t.Errorf("outcome after the other writer was closed: %+v", o)
	}
	closeWriter(t, writers[1])
	if pools.Len() != 0 {
		t.Errorf("pools are still open: %d", pools.Len())
	}
}

func TestNewRejectsSharingOnAMissingFile(t *testing.T) {
	for _, conn := range []string{"pool", "mutex", "writer"} {
		t.Run(conn, func(t *testing.T) {
			task := newTask(t, "conn="+conn)
			task.Database += ".gone"
			if _, err := New(task); err == nil {
				t.Error("no error")
			}
			if n := pools.Len() + mutexes.Len() + groups.Len(); n != 0 {
				t.Errorf("%d are open", n)
			}
		})
	}
}

// With a mutex no writer meets a lock of another one of its process.
func TestWritersWithAMutexTakeTurns(t *testing.T) {
	task := newTask(t, "conn=mutex busy=none journal=delete")
	all := runConcurrently(t, newWriters(t, task, 4), 5e6)
	waited := 0
	for _, o := range all.Outcomes {
		if !o.Acknowledged() {
			t.Errorf("outcome is %+v", o)
		}
		if o.WaitStart != 0 {
			waited++
		}
	}
	if waited == 0 {
		t.Error("no writer waited")
	}
	requireAudit(t, task.Database, all)
	if mutexes.Len() != 0 {
		t.Errorf("mutexes are open: %d", mutexes.Len())
	}
}

// While the first writer waits for the file, three others come. They are committed together, each
// of them with all of its rows.
func TestWritersOfAGroupCommitTogether(t *testing.T) {
	for _, txn := range []string{"auto", "deferred", "immediate", "upgrade"} {
		for _, busy := range []string{"1h", "retry:1h", "queue:1h", "block"} {
			if txn == "upgrade" && busy != "retry:1h" {
				continue // a transaction that has read does not wait
			}
			t.Run(txn+"/"+busy, func(t *testing.T) {
				task := newTask(t, "conn=writer batch=3 txn="+txn+" busy="+busy)
				writers := newWriters(t, task, 4)
				release := holdLock(t, task)
				each := make(chan outcome.Series, len(writers))
				for i, w := range writers {
					go func() { each <- w.Run(burst, Tail{}) }()
					wait.Until(t, "the writer has come", func() bool {
						w.group.mu.Lock()
						defer w.group.mu.Unlock()
						return w.group.led && len(w.group.waiting) == i
					})
				}
				release()
				var all outcome.Series
				acquired := map[int64]int{}
				for range writers {
					s := <-each
					o := s.Outcomes[0]
					if !o.Acknowledged() || o.WaitStart < o.Start || o.LockAcquired < o.WaitStart ||
						o.CommitStart < o.LockAcquired || o.LockReleased < o.CommitStart ||
						o.End < o.LockReleased {
						t.Errorf("outcome is %+v", o)
					}
					acquired[o.LockAcquired]++
					all.Outcomes = append(all.Outcomes, o)
					all.IDs = append(all.IDs, s.IDs...)
				}
				if len(acquired) != 2 {
					t.Errorf("writers by transaction: %v, want 1 and 3", acquired)
				}
				for _, w := range writers {
					closeWriter(t, w)
				}
				requireAudit(t, task.Database, all)
			})
		}
	}
}

// What ends the transaction of a group ends the attempts of all of its members.
func TestALockErrorOfAGroup(t *testing.T) {
	task := newTask(t, "conn=writer busy=none")
	writers := newWriters(t, task, 3)
	defer holdLock(t, task)()
	for _, s := range []outcome.Series{runConcurrently(t, writers, 5e6)} {
		for _, o := range s.Outcomes {
			if o.Code != outcome.Busy || o.LockAcquired != 0 || o.WaitStart < o.Start {
				t.Errorf("outcome is %+v", o)
			}
		}
		requireAudit(t, task.Database, s)
	}
	if groups.Len() != 0 {
		t.Errorf("groups are open: %d", groups.Len())
	}
}

// A leader that times out in the queue leaves, and the next member leads.
func TestALeaderThatTimesOutInTheQueue(t *testing.T) {
	task := newTask(t, "conn=writer busy=queue:1ms")
	holder := holdLockFile(t, task.Database)
	writers := newWriters(t, task, 3)
	all := runConcurrently(t, writers, 5e6)
	holder.Close()
	for _, o := range all.Outcomes {
		if o.Code != outcome.QueueTimeout || o.LockWait < 1e6 || o.Phase != outcome.Queue {
			t.Errorf("outcome is %+v", o)
		}
	}
	requireAudit(t, task.Database, all)
}
