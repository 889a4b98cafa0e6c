package sqlitedb

import (
	"context"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/scenario"
)

// Pool is a [sqlitex.Pool] of one connection, which its users take in turn. They wait for it in
// this process, without bound and without SQLite.
type Pool struct {
	pool *sqlitex.Pool
	conn *Conn // the one there is, with its statements
}

// OpenPool connects as [Connect] does, with patience, and sets the scenario's busy policy after.
func OpenPool(path string, s scenario.Scenario) (*Pool, error) {
	pool, err := sqlitex.NewPool(path, sqlitex.PoolOptions{Flags: sqlite.OpenReadWrite, PoolSize: 1})
	if err != nil {
		return nil, err
	}
	p := &Pool{pool: pool}
	db, err := pool.Take(context.Background())
	if err == nil {
		if p.conn, err = newConn(db, WithSetupTimeout(s)); err == nil {
			p.conn.SetBusy(s.Busy)
		}
		pool.Put(db)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return p, nil
}

// Take waits until nobody else has the connection.
func (p *Pool) Take() (*Conn, error) {
	_, err := p.pool.Take(context.Background())
	return p.conn, err
}

// Put gives the connection back.
func (p *Pool) Put() { p.pool.Put(p.conn.db) }

// Close closes the connection.
func (p *Pool) Close() error { return p.pool.Close() }
