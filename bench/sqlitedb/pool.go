package sqlitedb

import (
	"context"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/scenario"
)

// Pool is a [sqlitex.Pool] of one connection. Its users take turns. They wait for the connection in
// this process, without a timeout and without SQLite.
type Pool struct {
	pool *sqlitex.Pool
	conn *Conn // the only connection, with its statements
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
	return &Pool{pool, conn}, nil
}

func newPooledConn(pool *sqlitex.Pool, s scenario.Scenario) (*Conn, error) {
	db, err := pool.Take(context.Background())
	if err != nil {
		return nil, err
	}
	defer pool.Put(db)
	c, err := newConn(db, WithSetupTimeout(s))
	if err != nil {
		return nil, err
	}
	c.SetBusy(s.Busy)
	return c, nil
}

// Take waits until the connection is free.
func (p *Pool) Take() (*Conn, error) {
	_, err := p.pool.Take(context.Background())
	return p.conn, err
}

// Put gives the connection back.
func (p *Pool) Put() { p.pool.Put(p.conn.db) }

// Close closes the connection.
func (p *Pool) Close() error { return p.pool.Close() }
