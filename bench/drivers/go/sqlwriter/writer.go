package sqlwriter

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
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
	driver  Driver
	task    protocol.Task
	payload string
	db      *sql.DB  // nil with conn=fresh
	held    handle   // nil with conn=fresh
	queue   lockFile // no file unless busy=queue
	script  *script  // nil unless transactions are those of an SQL file

	callStart  int64 // of the call that an error would end
	retryUntil int64 // of the attempt, 0 except with busy=retry
}

func newWriter(d Driver, task protocol.Task) (*writer, error) {
	if err := task.Scenario.Validate(); err != nil {
		return nil, err
	}
	if task.Role != outcome.Writer {
		return nil, fmt.Errorf("role %v is not one that this driver has", task.Role)
	}
	w := &writer{driver: d, task: task, payload: strings.Repeat("x", task.Scenario.Payload)}
	if err := w.prepare(); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *writer) prepare() (err error) {
	if file := w.task.SQL; file != nil {
		if w.script, err = newScript(file); err != nil {
			return err
		}
		if w.task.Scenario.Txn == scenario.Auto {
			w.task.Scenario.Txn = scenario.Immediate
		}
	}
	s := w.task.Scenario
	if s.Busy.Policy == scenario.Queue {
		if err := w.queue.open(w.task.Database); err != nil {
			return err
		}
	}
	if s.Conn.Kind == scenario.Fresh {
		return nil
	}
	if w.db, err = w.open(setupTimeout); err != nil {
		return err
	}
	if _, err = w.db.Exec(fmt.Sprint("PRAGMA busy_timeout=", w.timeout())); err != nil {
		return err
	}
	w.held = w.db
	if s.Conn.Kind == scenario.Held {
		w.held, err = w.db.Conn(context.Background())
	}
	return err
}

// open opens a pool of one connection for the task, with a busy timeout in ms.
func (w *writer) open(timeout int64) (*sql.DB, error) {
	db, err := w.driver.open(w.task.Database, w.task.Scenario, timeout)
	if err != nil {
		return nil, err
	}
	if err := connect(db, w.task.SQL); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// timeout returns the busy timeout in ms. With busy=retry this program waits.
func (w *writer) timeout() int64 {
	if b := w.task.Scenario.Busy; b.Policy == scenario.Timeout || b.Policy == scenario.Queue {
		return b.Timeout.Milliseconds()
	}
	return 0
}

func (w *writer) close() error {
	var errs []error
	if conn, ok := w.held.(*sql.Conn); ok && conn != nil {
		errs = append(errs, conn.Close())
	}
	if w.db != nil {
		errs = append(errs, w.db.Close())
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
	w.callStart, w.retryUntil = r.Start, 0
	if b := w.task.Scenario.Busy; b.Policy == scenario.Retry {
		w.retryUntil = r.Start + int64(b.Timeout)
	}
	if w.script != nil {
		w.script.begin()
	}
	var err error
	if w.queue.file != nil && !w.queuesConnected() {
		err = w.inQueue(&r, func() error { return w.attemptOnce(&r) })
	} else {
		err = w.attemptOnce(&r)
	}
	r.End = clock.Now()
	if err != nil {
		w.fail(&r, err)
	}
	if w.script != nil {
		r.spans = w.script.spans
	}
	return r
}

// fail records the error of an attempt.
func (w *writer) fail(r *result, err error) {
	if r.Code = w.code(err); !r.LockError() {
		r.message = protocol.ShortText(err.Error())
		return
	}
	since := w.callStart
	if w.retryUntil != 0 {
		since = r.Start
	}
	if r.WaitStart == 0 {
		r.WaitStart = since
	}
	// SQLite sleeps for at least a millisecond, so less is no wait.
	if waited := r.End - since; waited >= int64(time.Millisecond) {
		r.LockWait = waited
	}
}

func (w *writer) code(err error) outcome.Code {
	if errors.Is(err, errQueueTimeout) {
		return outcome.QueueTimeout
	}
	if code, ok := w.driver.Code(err); ok {
		return outcome.Code(code)
	}
	return 1 // SQLITE_ERROR
}

// queuesConnected reports whether the writer connects before it waits in the queue.
func (w *writer) queuesConnected() bool {
	return w.task.Scenario.Queue == scenario.AtTransaction && w.held == nil
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
	if w.held != nil {
		return w.transact(w.held, r)
	}
	r.Phase = outcome.Open
	var db *sql.DB
	err = w.retry(r, func() (err error) {
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

// retry calls do, and with busy=retry again after a short sleep if it meets a lock.
func (w *writer) retry(r *result, do func() error) error {
	for {
		err := do()
		if err == nil || !w.code(err).IsLock() || clock.Now() >= w.retryUntil {
			return err
		}
		if r.WaitStart == 0 {
			r.WaitStart = w.callStart
		}
		time.Sleep(500*time.Microsecond + rand.N(time.Millisecond))
	}
}

func (w *writer) transact(h handle, r *result) error {
	return w.retry(r, func() error {
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
