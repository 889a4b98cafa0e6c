package sqlitedb

import (
	"context"
	"sync/atomic"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/scenario"
)

// Pool is a [sqlitex.Pool] of one connection. Its users take turns. They wait for the connection in
// this process, without a timeout and without SQLite.
type Pool struct {
	pool *sqlitex.Pool
	conn *Conn // the only connection, with its statements

	users atomic.Int64 // that have the connection or wait for it
}

// OpenPool connects as [Connect] does, under the long timeout of [WithSetupTimeout], and then sets
// the scenario's busy policy.
func OpenPool(path string, s scenario.Scenario) (*Pool, error) {
	pool, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags: sqlite.OpenReadWrite, PoolSize: 1,
	})
	if err != nil {
		return nil, err
	}
	conn, err := newPooledConn(pool, s)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &Pool{pool: pool, conn: conn}, nil
}

func newPooledConn(pool *sqlitex.Pool, s scenario.Scenario) (*Conn, error) {
	db, err := pool.Take(context.Background())
	if err != nil {
		return nil, err
	}
	defer pool.Put(db)
	c := newConn(db, WithSetupTimeout(s))
	if err := c.prepare(s); err != nil {
		removeBusyHandler(db)
		return nil, err
	}
	c.SetBusy(s.Busy)
	return c, nil
}

// Take waits until the connection is free. It reports whether another user had it or waited for it.
func (p *Pool) Take() (c *Conn, waited bool, err error) {
	waited = p.users.Add(1) > 1
	if _, err = p.pool.Take(context.Background()); err != nil {
		p.users.Add(-1)
	}
	return p.conn, waited, err
}

// Put gives the connection back.
func (p *Pool) Put() {
	p.users.Add(-1)
	p.pool.Put(p.conn.db)
}

// Close closes the connection.
func (p *Pool) Close() error {
	removeBusyHandler(p.conn.db)
	return p.pool.Close()
}
