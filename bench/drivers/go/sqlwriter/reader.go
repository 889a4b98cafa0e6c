package sqlwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// idLength is the length of a row id in text form.
const idLength = 36

// Statements of readers.
const (
	largestSQL = "SELECT max(rowid) FROM messages"
	pointSQL   = "SELECT (" + largestSQL + "), (SELECT length(msg) FROM messages WHERE rowid = ?)"
	scanSQL    = "SELECT count(*), sum(length(msg)) FROM messages"
)

// reader is a reader that is ready for one round. It has a connection of its own, or takes one from
// the pool for each read, as the writers do.
//
// Its checks follow from what writers do: each transaction adds a batch of rows of one length, and
// rows are only added. So rowids have no gaps, and the largest one is the number of rows.
type reader struct {
	client
	db   *sql.DB   // nil if it uses the pool
	held *sql.Conn // nil if it uses the pool
	pool *pool

	rows, batch, bulk, rowLength int64 // of the scenario; bulk is what an intruder may add once
	seen                         int64 // rows so far
}

func newReader(c client) (*reader, error) {
	s := c.task.Scenario
	r := &reader{
		client: c, rows: int64(s.Rows), batch: int64(s.Batch), bulk: int64(s.Intruder.Rows),
		rowLength: int64(idLength + s.Payload),
	}
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
	var row, rows, length int64
	if r.seen > 0 {
		row = 1 + rand.Int64N(r.seen)
	}
	if err := query(h, pointSQL, []any{row}, &rows, &length); err != nil {
		return err
	}
	if err := r.check(rows); err != nil {
		return err
	}
	if row > 0 && length != r.rowLength {
		return fmt.Errorf("read check: row %d has %d bytes, not %d", row, length, r.rowLength)
	}
	return nil
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
	if length != rows*r.rowLength {
		return fmt.Errorf("read check: %d rows have %d bytes, not %d each",
			rows, length, r.rowLength)
	}
	return r.checkSnapshot(rows, largest)
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
	return r.checkSnapshot(before, after)
}

// checkSnapshot checks the numbers of rows that two statements of one transaction saw.
func (r *reader) checkSnapshot(first, second int64) error {
	if first != second {
		return fmt.Errorf("read check: one transaction sees %d rows, and then %d", first, second)
	}
	return r.check(first)
}

// check checks a number of rows.
func (r *reader) check(rows int64) error {
	if before := max(r.rows, r.seen); rows < before {
		return fmt.Errorf("read check: %d rows, where there were %d before", rows, before)
	}
	added := rows - r.rows
	torn := added % r.batch
	if torn != 0 && r.bulk > 0 && added >= r.bulk {
		torn = (added - r.bulk) % r.batch
	}
	if torn != 0 {
		return fmt.Errorf("read check: %d rows, which has %d of a transaction of %d",
			rows, torn, r.batch)
	}
	r.seen = rows
	return nil
}
