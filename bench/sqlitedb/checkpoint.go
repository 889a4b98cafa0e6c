package sqlitedb

import (
	"strings"

	"zombiezen.com/go/sqlite"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Checkpointer is a connection that only makes checkpoints. It is for one goroutine at a time.
type Checkpointer struct {
	side
	passive bool
	stmt    *sqlite.Stmt
}

// ConnectCheckpointer connects as [ConnectReader] does.
func ConnectCheckpointer(path string, s scenario.Scenario) (*Checkpointer, error) {
	conn, err := connectSide(path, s)
	if err != nil {
		return nil, err
	}
	c := &Checkpointer{side: conn, passive: s.Checkpoint.Mode == "passive"}
	query := "PRAGMA wal_checkpoint(" + strings.ToUpper(s.Checkpoint.Mode) + ")"
	if c.stmt, err = c.db.Prepare(query); err != nil {
		c.Close()
		return nil, err
	}
	c.busy.set(s.Busy)
	return c, nil
}

// Checkpoint makes a checkpoint. It takes the present instant, which its caller has just read, and
// returns the instant of the end in addition. If a lock kept the checkpoint from being finished,
// the error is SQLITE_BUSY.
//
// All kinds but passive have the write lock (sqlite3WalCheckpoint in SQLite's wal.c), and also when
// they wait for readers. SQLite does not report when it got it.
func (c *Checkpointer) Checkpoint(now int64) (trace outcome.Trace, end int64, err error) {
	c.busy.reset()
	// The columns are: 1 if the checkpoint was not finished, and two numbers of pages.
	var unfinished, logged, moved int64
	err = query(c.stmt, &unfinished, &logged, &moved)
	if err == nil && unfinished != 0 {
		err = sqlite.ResultBusy.ToError()
	}
	trace, end = c.trace(outcome.Checkpoint, now, err)
	if err == nil && !c.passive {
		trace.LockReleased = end
	}
	return trace, end, err
}
