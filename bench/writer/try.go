package writer

import (
	"busybench/bench/host"
	"busybench/bench/sqlitedb"
)

// try tries once to insert the attempt's rows, over the connection that the scenario asks for,
// and notes in o what came of it. What again is for, see [sqlitedb.Conn.Transact].
func (w *Writer) try(o *Outcome, again func() bool) error {
	switch {
	case w.conn != nil:
		return w.transact(w.conn, o, again)
	case w.pool != nil:
		return w.tryPool(o, again)
	}
	return w.tryFresh(o, again)
}

// tryPool takes the connection that the writers of this process share.
func (w *Writer) tryPool(o *Outcome, again func() bool) error {
	o.ask(host.Now())
	conn, err := w.pool.Take()
	if err != nil {
		o.Phase = sqlitedb.Open
		return err
	}
	defer w.pool.Put()
	return w.transact(conn, o, again)
}

// tryFresh connects, inserts and closes. An error of the close does not take back rows that the
// transaction has committed, so the transaction's error comes first.
func (w *Writer) tryFresh(o *Outcome, again func() bool) error {
	opening := host.Now()
	conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
	took := host.Now() - opening
	if err != nil || took >= sqlitedb.ShortestSleep {
		o.ask(opening)
	}
	if err != nil {
		o.Phase, o.Waited = sqlitedb.Open, took
		return err
	}
	err = w.transact(conn, o, again)
	if closeErr := conn.Close(); err == nil {
		o.Phase = sqlitedb.Close
		err = closeErr
	}
	return err
}

func (w *Writer) transact(conn *sqlitedb.Conn, o *Outcome, again func() bool) error {
	trace, err := conn.Transact(w.batch, again)
	o.ask(trace.Asked)
	o.Phase, o.Got, o.LetGo, o.Waited = trace.Phase, trace.Got, trace.LetGo, trace.Waited
	return err
}

// ask notes when the writer began to wait, unless it was waiting already.
func (o *Outcome) ask(instant int64) {
	if o.Asked == 0 {
		o.Asked = instant
	}
}
