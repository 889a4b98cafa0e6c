package writer

import (
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/wait"
)

// isFree reports whether the lock file of a database is free.
func isFree(t *testing.T, database string) bool {
	t.Helper()
	l, err := openLockFile(lockFileName(database))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	free, err := l.tryAcquire()
	if err != nil {
		t.Error(err)
	}
	return free
}

// A lease lasts from one attempt to the next, unless the writer pauses, and ends with the round.
func TestHowLongALeaseLasts(t *testing.T) {
	for _, c := range []struct {
		axes string
		mode outcome.Mode
		kept bool
	}{
		{"busy=lease:1h:2h", outcome.Sustained, true},
		{"busy=lease:1h:2h", outcome.Burst, false},
		{"busy=lease:1h:2h think=1ms", outcome.Sustained, false},
		{"busy=lease:1h:2h conn=writer", outcome.Sustained, false},
		{"busy=queue:1h", outcome.Sustained, false},
	} {
		t.Run(c.axes+" "+c.mode.String(), func(t *testing.T) {
			task := newTask(t, c.axes)
			w := newWriter(t, task)
			defer closeWriter(t, w)
			kept := false
			calls := 0
			w.Run(outcome.Schedule{Mode: c.mode}, Tail{
				Counted: func() { w.attempt(clock.Now()) },
				Over: func() bool {
					kept = kept || !isFree(t, task.Database)
					calls++
					return calls > 2
				},
			})
			if kept != c.kept {
				t.Errorf("the lock file is kept between two attempts: %v, want %v", kept, c.kept)
			}
			if !isFree(t, task.Database) {
				t.Error("the lock file is kept after the round")
			}
		})
	}
}

func TestALeaseThatIsOverIsReleased(t *testing.T) {
	task := newTask(t, "busy=lease:1ms")
	w := newWriter(t, task)
	defer closeWriter(t, w)
	w.keepLease(outcome.Sustained)
	for range 3 {
		o := w.attempt(clock.Now())
		for w.leased() {
			time.Sleep(time.Millisecond)
		}
		if !o.Acknowledged() || o.WaitStart != 0 {
			t.Errorf("outcome is %+v", o)
		}
	}
	w.rest()
	if !isFree(t, task.Database) {
		t.Error("the lock file is kept")
	}
}

// The writer that has just released the lock does not get it before the one that waits.
func TestATurnstileLetsTheNextOnePass(t *testing.T) {
	database := newTask(t, "").Database
	open := func() *turnstile {
		l, err := openTurnstile(database)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	first, second := open(), open()
	defer first.close()
	defer second.close()
	for range 50 {
		if acquired, err := first.tryAcquire(); !acquired || err != nil {
			t.Fatalf("the first one has the lock: %v, %v", acquired, err)
		}
		passed := make(chan error)
		go func() {
			acquired, err := second.acquire(time.Hour)
			if err == nil && !acquired {
				t.Error("the second one timed out")
			}
			passed <- err
		}()
		wait.Until(t, "the second one is next", func() bool {
			gate, err := openLockFile(first.gate.path)
			if err != nil {
				t.Fatal(err)
			}
			defer gate.close()
			free, err := gate.tryAcquire()
			return err == nil && !free
		})
		if err := first.release(); err != nil {
			t.Fatal(err)
		}
		if acquired, err := first.tryAcquire(); acquired || err != nil {
			t.Errorf("the first one has the lock again: %v, %v", acquired, err)
		}
		if err := <-passed; err != nil {
			t.Error(err)
		}
		if err := second.release(); err != nil {
			t.Error(err)
		}
	}
}

// Whether it waits at the gate or behind it, a writer that times out leaves nothing locked.
func TestAWriterThatTimesOutAtATurnstile(t *testing.T) {
	task := newTask(t, "busy=lease:1ms:10ms")
	w := newWriter(t, task)
	defer closeWriter(t, w)
	lock := lockFileName(task.Database)
	for _, name := range []string{lock, lock + "-gate"} {
		l, err := openLockFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if acquired, err := l.tryAcquire(); !acquired || err != nil {
			t.Fatal(acquired, err)
		}
		if o := w.attempt(clock.Now()); o.Code != outcome.QueueTimeout || o.Phase != outcome.Queue {
			t.Errorf("outcome is %+v", o)
		}
		l.close()
		if o := w.attempt(clock.Now()); !o.Acknowledged() {
			t.Errorf("outcome when it is free is %+v", o)
		}
	}
}
