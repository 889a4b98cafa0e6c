package sqlitedb

import (
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/scenario"
)

// BareConn is a connection without anything that measures: its INSERT has no lock probe, the busy
// policy is the driver's own, and it reads no clock. What a [Conn] takes longer is the cost of the
// measurement.
type BareConn struct {
	db   *sqlite.Conn
	hold scenario.Pause
	statements
}

// ConnectBare opens the database at path with the scenario's settings, as [Connect] does.
func ConnectBare(path string, s scenario.Scenario) (*BareConn, error) {
	db, err := sqlite.OpenConn(path, openFlags(s))
	if err != nil {
		return nil, err
	}
	c := &BareConn{db: db, hold: s.Hold}
	if err := c.prepare(s); err != nil {
		db.Close()
		return nil, err
	}
	return c, nil
}

func (c *BareConn) prepare(s scenario.Scenario) (err error) {
	if s.Busy.Policy != scenario.Block { // the driver's default
		c.db.SetBusyTimeout(s.Busy.Timeout)
	}
	if err := applySettings(c.db, s); err != nil {
		return err
	}
	c.statements, err = newStatements(c.db, s, plain)
	return err
}

// Insert inserts a batch of rows in one transaction of the scenario's kind. After an error the
// connection can only be closed.
func (c *BareConn) Insert(ids []uuid.UUID) error {
	if c.begin == nil {
		return c.first.insert(ids...)
	}
	if err := stepAll(c.begin); err != nil {
		return err
	}
	if c.read != nil {
		if err := stepAll(c.read); err != nil {
			return err
		}
		time.Sleep(upgradePause)
	}
	if err := c.insertRows(ids); err != nil {
		return err
	}
	clock.Spend(c.hold.Duration, c.hold.CPU)
	return stepAll(c.commit)
}

// Close closes the connection.
func (c *BareConn) Close() error { return c.db.Close() }
