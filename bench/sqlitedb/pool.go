package sqlitedb

import (
	"context"
	"errors"
	"sync/atomic"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// Pool is a [sqlitex.Pool]. Its users take turns. They wait for a connection in this process,
// without a timeout and without SQLite.
type Pool struct {
	pool  *sqlitex.Pool
	conns map[*sqlite.Conn]*Conn // all connections, with their statements

	users atomic.Int64 // that have a connection or wait for one
}

// OpenPool opens the connections of the scenario's pool as [Connect] does, under the long timeout
// of [WithSetupTimeout], and then sets the scenario's busy policy.
func OpenPool(path string, s scenario.Scenario) (*Pool, error) {
	pool, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags: openFlags(s), PoolSize: s.Conn.Size,
	})
	if err != nil {
		return nil, err
	}
	p := &Pool{pool: pool, conns: map[*sqlite.Conn]*Conn{}}
	if err := p.connectAll(s); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// connectAll takes every connection once, so that it is opened, and then puts all back.
func (p *Pool) connectAll(s scenario.Scenario) error {
	for range s.Conn.Size {
		db, err := p.pool.Take(context.Background())
		if err != nil {
			return err
		}
		defer p.pool.Put(db)
		c := newConn(db, WithSetupTimeout(s))
		p.conns[db] = c
		if err := c.prepare(s); err != nil {
			return err
		}
		c.SetBusy(s.Busy)
	}
	return nil
}

// Use is [Conn.Use] for all connections, of which none may be taken.
func (p *Pool) Use(file *workload.Workload) error {
	for _, c := range p.conns {
		if err := c.Use(file); err != nil {
			return err
		}
	}
	return nil
}

// Take waits until a connection is free. It reports whether others had or waited for all of them.
func (p *Pool) Take() (c *Conn, waited bool, err error) {
	waited = p.users.Add(1) > int64(len(p.conns))
	db, err := p.pool.Take(context.Background())
	if err != nil {
		p.users.Add(-1)
		return nil, waited, err
	}
	return p.conns[db], waited, nil
}

// Put gives a connection back.
func (p *Pool) Put(c *Conn) {
	p.users.Add(-1)
	p.pool.Put(c.db)
}

// Close closes the connections.
func (p *Pool) Close() error {
	for db := range p.conns {
		removeBusyHandler(db)
	}
	return p.pool.Close()
}
