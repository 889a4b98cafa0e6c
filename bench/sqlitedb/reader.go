package sqlitedb

import (
	"math/rand/v2"
	"time"

	"zombiezen.com/go/sqlite"

	"busybench/bench/outcome"
	"busybench/bench/readcheck"
	"busybench/bench/scenario"
)

// Reader is a connection that reads and checks what it sees. It is for one goroutine at a time.
type Reader struct {
	side
	read    scenario.Read
	checker *readcheck.Checker

	begin, commit, largest, point, scan *sqlite.Stmt

	random *rand.Rand // chooses the rows of point reads

	script *readScript // nil unless an SQL file has a -- read section
}

const (
	// pointSQL reads the largest rowid and the row ?1.
	pointSQL = "SELECT (" + readSQL + "), (SELECT length(msg) FROM messages WHERE rowid = ?1)"
	// scanSQL reads all rows.
	scanSQL = "SELECT count(*), sum(length(msg)) FROM messages"
)

// ConnectReader connects as [Connect] does, under the long timeout of [WithSetupTimeout], and then
// sets the scenario's busy policy.
func ConnectReader(path string, s scenario.Scenario, random *rand.Rand) (*Reader, error) {
	conn, err := connectSide(path, s)
	if err != nil {
		return nil, err
	}
	r := &Reader{side: conn, read: s.Read, checker: readcheck.New(s), random: random}
	if err := r.prepare(); err != nil {
		r.Close()
		return nil, err
	}
	r.busy.set(s.Busy)
	return r, nil
}

// prepare prepares the statements.
func (r *Reader) prepare() error {
	for _, p := range []struct {
		stmt **sqlite.Stmt
		sql  string
	}{
		{&r.begin, "BEGIN"}, {&r.commit, "COMMIT"},
		{&r.largest, readSQL}, {&r.point, pointSQL}, {&r.scan, scanSQL},
	} {
		var err error
		if *p.stmt, err = r.db.Prepare(p.sql); err != nil {
			return err
		}
	}
	return nil
}

// Read makes one read of the scenario's kind. For a read that is kept open it calls hold with the
// length. It takes the present instant, which its caller has just read, and returns the instant of
// the end in addition. An error that is not a lock error may be that of a failed check.
func (r *Reader) Read(
	now int64, hold func(time.Duration),
) (trace outcome.Trace, end int64, err error) {
	r.busy.reset()
	err = r.run(hold)
	trace, end = r.trace(outcome.Read, now, err)
	if r.script != nil {
		trace.Line = r.script.failed
	}
	if err == nil {
		trace.LockAcquired = r.busy.waited.To
	}
	return trace, end, err
}

func (r *Reader) run(hold func(time.Duration)) error {
	if r.script != nil {
		return r.runScript(hold)
	}
	switch r.read.Kind {
	case scenario.Scan:
		return r.inTransaction(r.readAll)
	case scenario.HoldRead:
		return r.inTransaction(func() error { return r.readAndHold(hold) })
	}
	return r.readRow()
}

// inTransaction reads in a transaction. BEGIN takes no lock, and only the first statement after it
// can meet one.
func (r *Reader) inTransaction(read func() error) error {
	err := stepAll(r.begin)
	if err == nil {
		err = read()
	}
	if err == nil {
		err = stepAll(r.commit)
	}
	rollBack(r.db)
	return err
}

// readRow reads a random row that was seen before, if there is one.
func (r *Reader) readRow() error {
	var rows, length int64
	row := r.checker.Choose(r.random.Int64N)
	r.point.BindInt64(1, row)
	if err := query(r.point, &rows, &length); err != nil {
		return err
	}
	return r.checker.CheckPoint(row, length, rows)
}

// readAll reads all rows, and the largest rowid afterwards.
func (r *Reader) readAll() error {
	var rows, length, largest int64
	if err := query(r.scan, &rows, &length); err != nil {
		return err
	}
	if err := query(r.largest, &largest); err != nil {
		return err
	}
	return r.checker.CheckScan(rows, length, largest)
}

// readAndHold reads before and after it keeps the transaction open.
func (r *Reader) readAndHold(hold func(time.Duration)) error {
	var before, after int64
	if err := query(r.largest, &before); err != nil {
		return err
	}
	hold(r.read.Hold)
	if err := query(r.largest, &after); err != nil {
		return err
	}
	return r.checker.CheckSnapshot(before, after)
}

// query runs a statement that has one row of whole numbers.
func query(stmt *sqlite.Stmt, columns ...*int64) error {
	if _, err := stmt.Step(); err != nil {
		return err
	}
	for i, column := range columns {
		*column = stmt.ColumnInt64(i)
	}
	return stmt.Reset()
}
