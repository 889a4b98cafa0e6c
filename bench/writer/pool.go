package writer

import (
	"sync"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/share"
	"busybench/bench/sqlitedb"
)

// What writers share.
var (
	pools   share.ByDatabase[*sqlitedb.Pool]
	mutexes share.ByDatabase[*sync.Mutex]
	groups  share.ByDatabase[*group]
)

// attemptPooled uses a connection that the writers of this process share.
func (w *Writer) attemptPooled(now int64, o *outcome.Outcome) error {
	conn, waited, err := w.pool.Take()
	if waited {
		startWait(o, now)
		now = clock.Now()
	}
	if err != nil {
		o.Phase = outcome.Open
		return err
	}
	defer w.pool.Put(conn)
	return w.transact(now, conn, w.batch, o)
}

// attemptLocked uses the writer's own connection while it has the mutex of this process.
func (w *Writer) attemptLocked(now int64, o *outcome.Outcome) error {
	if !w.mutex.TryLock() {
		startWait(o, now)
		w.mutex.Lock()
		now = clock.Now()
	}
	defer w.mutex.Unlock()
	return w.transact(now, w.conn, w.batch, o)
}
