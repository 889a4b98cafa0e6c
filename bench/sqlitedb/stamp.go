package sqlitedb

import (
	"zombiezen.com/go/sqlite"

	"busybench/bench/host"
)

// stamped is the first value of an INSERT that notes when the write lock is held: ?1 as it is,
// after a call of lock_held(), which answers NULL.
//
// SQLite compiles an INSERT so that it takes the write lock (OP_Transaction; RESERVED with a
// rollback journal, WAL_WRITE_LOCK in WAL mode) before it evaluates the first value, in every
// journal mode. So the instant is exact, to the few instructions between. A test
// holds it against a second connection, which must find the file locked from within the call.
const stamped = "coalesce(lock_held(), ?1)"

// plain is the same value without the note.
const plain = "?1"

// stampedEnd follows the rows of an INSERT that is a transaction by itself, and notes when they are all
// in and the commit begins: a row more that is none, since rows_in() answers NULL. SQLite makes such rows one by one
// and asks for the next when the one before is in the table, as a test sees from within the call.
const stampedEnd = " UNION ALL SELECT NULL WHERE rows_in()"

// stamp is when a connection's current transaction got the write lock, and when its rows were in
// the table, 0 until then.
type stamp struct {
	got, in int64
	now     func() int64
}

// newStamp gives a connection the functions lock_held() and rows_in().
func newStamp(db *sqlite.Conn) (*stamp, error) {
	s := &stamp{now: host.Now}
	if err := call(db, "lock_held", s.held); err != nil {
		return nil, err
	}
	return s, call(db, "rows_in", s.rowsIn)
}

// call gives a connection an SQL function without arguments that calls a function and answers NULL.
func call(db *sqlite.Conn, name string, do func()) error {
	return db.CreateFunction(name, &sqlite.FunctionImpl{
		Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
			do()
			return sqlite.Value{}, nil
		},
	})
}

func (s *stamp) held() {
	if s.got == 0 {
		s.got = s.now()
	}
}

func (s *stamp) rowsIn() { s.in = s.now() }
