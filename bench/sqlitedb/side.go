package sqlitedb

import (
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// side is a connection of a participant that is not a writer.
type side struct {
	db   *sqlite.Conn
	busy *busyHandler
}

// connectSide connects as [Connect] does, but under the long timeout of [WithSetupTimeout], which
// the connection keeps.
func connectSide(path string, s scenario.Scenario) (side, error) {
	db, err := sqlite.OpenConn(path, openFlags(s))
	if err != nil {
		return side{}, err
	}
	c := side{db, newBusyHandler(db)}
	c.busy.set(WithSetupTimeout(s).Busy)
	if err := applySettings(db, s); err != nil {
		c.Close()
		return side{}, err
	}
	return c, nil
}

// Close closes the connection.
func (c side) Close() error {
	removeBusyHandler(c.db)
	return c.db.Close()
}

// trace describes what began at an instant and ended with err.
func (c side) trace(phase outcome.Phase, start int64, err error) (t outcome.Trace, end int64) {
	end = clock.Now()
	return outcome.Trace{
		Phase:     phase,
		WaitStart: refused(err, c.busy.waited, end).From,
		LockWait:  lockWait(err, c.busy.waited, outcome.Span{From: start, To: end}),
	}, end
}
