package sqlwriter

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// setupTimeout is the busy timeout, in ms, of connections that are made before the clock starts.
const setupTimeout = 60_000

// writer is a writer that is ready for one round.
type writer struct {
	client
	payload string
	db      *sql.DB     // nil with conn=fresh, and if it uses the pool
	held    handle      // nil with conn=fresh, and if it uses the pool
	pool    *pool       // nil unless it uses the pool
	mutex   *sync.Mutex // nil unless conn=mutex
	queue   lockFile    // no file unless busy=queue
}

func newWriter(c client) (*writer, error) {
	w := &writer{client: c, payload: strings.Repeat("x", c.task.Scenario.Payload)}
	if err := w.prepare(); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *writer) prepare() (err error) {
	if err := w.prepareScript(); err != nil {
		return err
	}
	s := w.task.Scenario
	if s.Busy.Policy == scenario.Queue {
		if err := w.queue.open(w.task.Database); err != nil {
			return err
		}
	}
	switch {
	case s.Conn.Kind == scenario.Fresh:
		return nil
	case w.usesPool():
		w.pool, err = w.joinPool()
		return err
	case s.Conn.Kind == scenario.Mutex:
		w.mutex, _ = mutexes.Join(w.task.Database, func() (*sync.Mutex, error) {
			return new(sync.Mutex), nil
		})
	}
	if w.db, err = w.openHeld(); err != nil {
		return err
	}
	w.held = w.db
	if s.Conn.Kind != scenario.Pool {
		w.held, err = w.db.Conn(context.Background())
	}
	return err
}

// open opens a pool of one connection for the task, with a busy timeout in ms.
func (c *client) open(timeout int64) (*sql.DB, error) {
	db, err := c.driver.open(c.task.Database, c.task.Scenario, timeout)
	if err != nil {
		return nil, err
	}
	if err := connect(db, c.task.SQL); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// openHeld opens a pool of one connection for a round.
func (c *client) openHeld() (*sql.DB, error) {
	db, err := c.open(setupTimeout)
	if err != nil {
		return nil, err
	}
	return db, c.setTimeout(db)
}

func (w *writer) close() error {
	var errs []error
	if conn, ok := w.held.(*sql.Conn); ok && conn != nil {
		errs = append(errs, conn.Close())
	}
	if w.db != nil {
		errs = append(errs, w.db.Close())
	}
	if w.pool != nil {
		errs = append(errs, pools.Leave(w.task.Database, (*pool).close))
	}
	if w.mutex != nil {
		errs = append(errs, mutexes.Leave(w.task.Database, func(*sync.Mutex) error { return nil }))
	}
	return errors.Join(append(errs, w.queue.close())...)
}

// result is an attempt.
type result struct {
	outcome.Outcome
	ids     []uuid.UUID
	message string
	spans   []outcome.StatementSpan
}

// attempt inserts a batch of rows in one transaction.
func (w *writer) attempt(intended int64) result {
	r := result{ids: make([]uuid.UUID, w.task.Scenario.Batch)}
	for i := range r.ids {
		r.ids[i] = uuid.New()
	}
	r.Intended, r.Start = intended, max(clock.Now(), intended)
	w.begin(r.Start)
	var err error
	if w.queue.file != nil && !w.queuesConnected() {
		err = w.inQueue(&r, func() error { return w.attemptOnce(&r) })
	} else {
		err = w.attemptOnce(&r)
	}
	r.End = clock.Now()
	if err != nil {
		if w.fail(&r.Outcome, err); !r.LockError() {
			r.message = protocol.ShortText(err.Error())
		}
	}
	if w.script != nil {
		r.spans = w.script.spans
	}
	return r
}

// queuesConnected reports whether the writer connects before it waits in the queue.
func (w *writer) queuesConnected() bool {
	s := w.task.Scenario
	return s.Queue == scenario.AtTransaction && s.Conn.Kind == scenario.Fresh
}

func (w *writer) inQueue(r *result, attempt func() error) error {
	r.Phase, w.callStart = outcome.Queue, clock.Now()
	waited, err := w.queue.acquire(w.task.Scenario.Busy.Timeout)
	if waited && r.WaitStart == 0 {
		r.WaitStart = w.callStart
	}
	if err != nil {
		return err
	}
	return errors.Join(attempt(), w.queue.release())
}

func (w *writer) attemptOnce(r *result) (err error) {
	switch {
	case w.mutex != nil:
		return w.transactLocked(r)
	case w.held != nil:
		return w.transact(w.held, r)
	case w.pool != nil:
		return w.pool.with(&r.Outcome, func(h handle) error { return w.transact(h, r) })
	}
	return w.transactFresh(r)
}

// transactLocked uses the writer's own connection while it has the mutex of this process.
func (w *writer) transactLocked(r *result) error {
	if !w.mutex.TryLock() {
		if r.WaitStart == 0 {
			r.WaitStart = clock.Now()
		}
		w.mutex.Lock()
	}
	defer w.mutex.Unlock()
	return w.transact(w.held, r)
}

// transactFresh connects, writes and closes.
func (w *writer) transactFresh(r *result) (err error) {
	r.Phase = outcome.Open
	var db *sql.DB
	err = w.retry(&r.Outcome, func() (err error) {
		w.callStart = clock.Now()
		db, err = w.open(w.timeout())
		return err
	})
	if err != nil {
		return err
	}
	if w.queue.file != nil && w.queuesConnected() {
		err = w.inQueue(r, func() error { return w.transact(db, r) })
	} else {
		err = w.transact(db, r)
	}
	if closeErr := db.Close(); err == nil && closeErr != nil {
		r.Phase, err = outcome.Close, closeErr
	}
	return err
}

func (w *writer) transact(h handle, r *result) error {
	return w.retry(&r.Outcome, func() error {
		if w.task.Scenario.Txn == scenario.Auto {
			r.Phase = outcome.Insert
			return w.insert(h, r.ids)
		}
		return w.transaction(h, r)
	})
}

// transaction runs a transaction. database/sql considers it over when Commit returns, so that a
// COMMIT that met a lock cannot be repeated alone.
func (w *writer) transaction(h handle, r *result) error {
	ctx := context.Background()
	r.Phase, r.Line, w.callStart = outcome.Begin, 0, clock.Now()
	tx, err := h.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := w.write(tx, r); err != nil {
		_ = tx.Rollback() // the first error counts
		return err
	}
	r.Phase, w.callStart = outcome.Commit, clock.Now()
	if err := tx.Commit(); err != nil {
		_, _ = h.ExecContext(ctx, "ROLLBACK") // an error means that the driver has
		return err
	}
	return nil
}

// write does everything between BEGIN and COMMIT.
func (w *writer) write(tx *sql.Tx, r *result) error {
	s := w.task.Scenario
	if s.Txn == scenario.Upgrade {
		var rows sql.NullInt64
		query := "SELECT max(rowid) FROM messages"
		w.callStart = clock.Now()
		if err := tx.QueryRow(query).Scan(&rows); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	r.Phase = outcome.Insert
	if w.script != nil {
		w.script.locked = s.Txn == scenario.Immediate || s.Txn == scenario.Exclusive
	}
	for i := range r.ids {
		if w.script != nil {
			if err := w.runSection(tx, r, i); err != nil {
				return err
			}
		}
		if err := w.insert(tx, r.ids[i:i+1]); err != nil {
			return err
		}
	}
	clock.Spend(s.Hold.Duration, s.Hold.CPU)
	return nil
}

// insert inserts rows in one statement.
func (w *writer) insert(in execer, ids []uuid.UUID) error {
	query, args := "INSERT INTO messages(msg) VALUES (?)", []any{ids[0].String() + w.payload}
	if len(ids) > 1 {
		rest, err := json.Marshal(ids[1:])
		if err != nil {
			return err
		}
		query += " UNION ALL SELECT value || ? FROM json_each(?)"
		args = append(args, w.payload, string(rest))
	}
	w.callStart = clock.Now()
	_, err := in.ExecContext(context.Background(), query, args...)
	return err
}
