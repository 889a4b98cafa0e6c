package sqlitedb

import (
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// form is a form of the first INSERT of a transaction.
type form struct {
	value string // SQL expression of the first row's msg, whose parameter is ?1
	end   string // what follows the rows of an INSERT that is a transaction by itself
}

// plain is an INSERT without the lock probe.
var plain = form{value: "?1"}

// probed is an INSERT that records when the write lock is held and when its rows are in the table.
//
// Its first value is ?1 unchanged, after a call of lock_held(), which returns NULL. SQLite compiles
// an INSERT so that it takes the write lock (OP_Transaction; RESERVED with a rollback journal,
// WAL_WRITE_LOCK in WAL mode) before it evaluates the first value, in every journal mode. So the
// instant is exact to the few instructions between. A test proves it with a second connection,
// which must find the file locked from within the call.
//
// SQLite asks for the next row once the previous one is in the table, so it evaluates rows_in()
// after the last. rows_in() returns NULL, which is not true, so the SELECT adds no row.
var probed = form{
	value: "coalesce(lock_held(), ?1)",
	end:   " UNION ALL SELECT NULL WHERE rows_in()",
}

// lockProbe records when a connection's current transaction had the write lock and when its rows
// were in the table; 0 until then.
type lockProbe struct {
	lockAcquired, commitStart int64
	// waited is the wait for the lock in the call of SQLite that acquired it.
	waited outcome.Span

	busy *busyHandler
	now  func() int64
}

// newLockProbe adds the SQL functions lock_held() and rows_in() to a connection.
func newLockProbe(db *sqlite.Conn, busy *busyHandler) (*lockProbe, error) {
	p := &lockProbe{now: clock.Now, busy: busy}
	if err := addFunction(db, "lock_held", p.recordLock); err != nil {
		return nil, err
	}
	return p, addFunction(db, "rows_in", p.recordRows)
}

// addFunction adds an SQL function without arguments that calls f and returns NULL.
func addFunction(db *sqlite.Conn, name string, f func()) error {
	return db.CreateFunction(name, &sqlite.FunctionImpl{
		Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
			f()
			return sqlite.Value{}, nil
		},
	})
}

func (p *lockProbe) reset() {
	p.lockAcquired, p.commitStart, p.waited = 0, 0, outcome.Span{}
}

func (p *lockProbe) recordLock() {
	if p.lockAcquired == 0 {
		p.lockAcquired, p.waited = p.now(), p.busy.waited
	}
}

func (p *lockProbe) recordRows() { p.commitStart = p.now() }
