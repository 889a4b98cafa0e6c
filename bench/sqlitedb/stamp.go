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

// stamp is the instant at which a connection's current transaction got the write lock.
type stamp struct {
	got int64 // 0 until it did
	now func() int64
}

// newStamp gives a connection the function lock_held().
func newStamp(db *sqlite.Conn) (*stamp, error) {
	s := &stamp{now: host.Now}
	return s, db.CreateFunction("lock_held", &sqlite.FunctionImpl{
		Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
			s.held()
			return sqlite.Value{}, nil
		},
	})
}

func (s *stamp) held() {
	if s.got == 0 {
		s.got = s.now()
	}
}
