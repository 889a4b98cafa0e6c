package sqlwriter

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/readcheck"
	"busybench/bench/scenario"
)

// Statements of readers.
const (
	largestSQL = "SELECT max(rowid) FROM messages"
	pointSQL   = "SELECT (" + largestSQL + "), (SELECT length(msg) FROM messages WHERE rowid = ?)"
	scanSQL    = "SELECT count(*), sum(length(msg)) FROM messages"
)

// reader is a reader that is ready for one round. It has a connection of its own, or takes one from
// the pool for each read, as the writers do.
type reader struct {
	client
	checker *readcheck.Checker

	db   *sql.DB   // nil if it uses the pool
	held *sql.Conn // nil if it uses the pool
	pool *pool
}

func newReader(c client) (*reader, error) {
	r := &reader{client: c, checker: readcheck.New(c.task.Scenario)}
	if err := r.prepare(); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *reader) prepare() (err error) {
	if err := r.prepareScript(); err != nil {
		return err
	}
	if r.usesPool() {
		r.pool, err = r.joinPool()
		return err
	}
	if r.db, err = r.openHeld(); err == nil {
		r.held, err = r.db.Conn(context.Background())
	}
	return err
}

func (r *reader) close() error {
	var errs []error
	if r.held != nil {
		errs = append(errs, r.held.Close())
	}
	if r.db != nil {
		errs = append(errs, r.db.Close())
	}
	if r.pool != nil {
		errs = append(errs, pools.Leave(r.task.Database, (*pool).close))
	}
	return errors.Join(errs...)
}

// read makes a read. The error is not a lock error, but may be that of a check.
func (r *reader) read(over func() bool) (o outcome.Outcome, err error) {
	o.Start = clock.Now()
	r.begin(o.Start)
	read := func(h handle) error {
		o.Phase = outcome.Read
		return r.retry(&o, func() error { return r.readOnce(h, &o, over) })
	}
	if r.pool != nil {
		err = r.pool.with(&o, read)
	} else {
		err = read(r.held)
	}
	o.End = clock.Now()
	if err != nil {
		if r.fail(&o, err); o.LockError() {
			err = nil
		}
	}
	return o, err
}

// readOnce makes a read of the scenario's kind, or one of the SQL file.
func (r *reader) readOnce(h handle, o *outcome.Outcome, over func() bool) error {
	r.callStart = clock.Now()
	if r.script != nil {
		return r.readScript(h, o, over)
	}
	switch read := r.task.Scenario.Read; read.Kind {
	case scenario.Scan:
		return r.inTransaction(h, func() error { return r.readAll(h) })
	case scenario.HoldRead:
		return r.inTransaction(h, func() error {
			return r.readAndHold(h, func() { sleepUntil(clock.Now()+int64(read.Hold), over) })
		})
	}
	return r.readRow(h)
}

// inTransaction reads in a transaction. Its BEGIN takes no lock, unlike that of [sql.DB.BeginTx]
// with a driver whose connections are made for writers.
func (r *reader) inTransaction(h handle, read func() error) error {
	ctx := context.Background()
	if _, err := h.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	err := read()
	if err == nil {
		_, err = h.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = h.ExecContext(ctx, "ROLLBACK") // an error means that SQLite has
	}
	return err
}

// query reads one row of whole numbers. A table without rows has none.
func query(h handle, text string, args []any, columns ...*int64) error {
	values := make([]sql.NullInt64, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	err := h.QueryRowContext(context.Background(), text, args...).Scan(into...)
	for i, v := range values {
		*columns[i] = v.Int64
	}
	return err
}

// readRow reads a random row that was seen before, if there is one.
func (r *reader) readRow(h handle) error {
	var rows, length int64
	row := r.checker.Choose(rand.Int64N)
	if err := query(h, pointSQL, []any{row}, &rows, &length); err != nil {
		return err
	}
	return r.checker.CheckPoint(row, length, rows)
}

// readAll reads all rows, and the largest rowid afterwards.
func (r *reader) readAll(h handle) error {
	var rows, length, largest int64
	if err := query(h, scanSQL, nil, &rows, &length); err != nil {
		return err
	}
	if err := query(h, largestSQL, nil, &largest); err != nil {
		return err
	}
	return r.checker.CheckScan(rows, length, largest)
}

// readAndHold reads before and after it keeps the transaction open.
func (r *reader) readAndHold(h handle, hold func()) error {
	var before, after int64
	if err := query(h, largestSQL, nil, &before); err != nil {
		return err
	}
	hold()
	if err := query(h, largestSQL, nil, &after); err != nil {
		return err
	}
	return r.checker.CheckSnapshot(before, after)
}
