package sqlwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/share"
)

// What the participants of this process share.
var (
	pools   share.ByDatabase[*pool]
	mutexes share.ByDatabase[*sync.Mutex]
)

// pool is a [sql.DB] whose connections all have the settings of a scenario. It keeps them open.
type pool struct {
	db    *sql.DB
	size  int64
	users atomic.Int64 // that have a connection or wait for one
}

// joinPool returns the pool of the participants of this process.
func (c *client) joinPool() (*pool, error) {
	return pools.Join(c.task.Database, c.openPool)
}

func (c *client) openPool() (*pool, error) {
	s := c.task.Scenario
	db, err := c.driver.openDB(c.task.Database, s, setupTimeout)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(s.Conn.Size)
	db.SetMaxIdleConns(s.Conn.Size)
	if err := c.connectAll(db, s.Conn.Size); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &pool{db: db, size: int64(s.Conn.Size)}, nil
}

// connectAll takes every connection once, so that it is opened, and then puts all back.
func (c *client) connectAll(db *sql.DB, size int) error {
	ctx := context.Background()
	for range size {
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := apply(conn, c.task.Scenario); err != nil {
			return err
		}
		if err := connect(conn, c.task.SQL); err != nil {
			return err
		}
		if err := c.setTimeout(conn); err != nil {
			return err
		}
	}
	return nil
}

// setTimeout sets the busy timeout of the scenario.
func (c *client) setTimeout(on execer) error {
	_, err := on.ExecContext(context.Background(), fmt.Sprint("PRAGMA busy_timeout=", c.timeout()))
	return err
}

// with calls do with a connection of the pool. If others use all connections, or wait for one, the
// attempt waits from now on.
func (p *pool) with(o *outcome.Outcome, do func(handle) error) error {
	waited := p.users.Add(1) > p.size
	defer p.users.Add(-1)
	start := clock.Now()
	conn, err := p.db.Conn(context.Background())
	if err != nil {
		o.Phase = outcome.Open
		return err
	}
	if waited && o.WaitStart == 0 {
		o.WaitStart = start
	}
	return errors.Join(do(conn), conn.Close())
}

func (p *pool) close() error { return p.db.Close() }
