package writer

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/sqlitedb"
)

// Intruder is an intruder that is ready for one round. [NewIntruder] returns one, which must be
// closed after the round.
type Intruder struct {
	conn *sqlitedb.Intruder
	rows []uuid.UUID // of a bulk insert
	err  error       // other than a lock error or the end of the round
}

// intruderStream is the number of a writer that no round has. The intruder's rows have the ids of
// its stream.
const intruderStream = math.MaxInt32

// NewIntruder returns an intruder that has connected and made its rows.
func NewIntruder(task protocol.Task) (*Intruder, error) {
	conn, err := sqlitedb.ConnectIntruder(task.Database, task.Scenario)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	i := &Intruder{conn: conn, rows: make([]uuid.UUID, task.Scenario.Intruder.Rows)}
	ids := NewIDs(task.Seed, intruderStream)
	for n := range i.rows {
		i.rows[n] = ids.Next()
	}
	return i, nil
}

// Run intrudes in the middle of a sustained round, or at the release of a burst. There is no
// outcome if the tail is over before.
func (i *Intruder) Run(s outcome.Schedule, tail Tail) (series outcome.Series) {
	begin := s.Release
	if s.Mode == outcome.Sustained {
		begin += (s.Deadline - s.Release) / 2
		sleepUntil(begin, tail.Over)
		if tail.Over() {
			return series
		}
	}
	hold := func(length time.Duration) { sleepUntil(clock.Now()+int64(length), tail.Over) }
	o := outcome.Outcome{Start: clock.Now()}
	var err error
	o.Trace, o.End, err = i.conn.Intrude(o.Start, i.rows, hold, tail.Over)
	o.Code = sqlitedb.ResultCode(err)
	if err != nil && !o.LockError() && o.Code != outcome.Interrupt {
		i.err = err
		return series
	}
	return outcome.Series{Outcomes: []outcome.Outcome{o}, IDs: i.rows}
}

// Close closes the connection, and returns an error that ended the intrusion.
func (i *Intruder) Close() error { return errors.Join(i.err, i.conn.Close()) }
