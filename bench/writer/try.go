package writer

import (
	"busybench/bench/host"
	"busybench/bench/sqlitedb"
)

// try tries once, from now on, to insert the attempt's rows, over the connection that the scenario
// asks for, and notes in o what came of it. What again is for, see [sqlitedb.Conn.Transact].
func (w *Writer) try(now int64, o *Outcome, again func() bool) error {
	switch {
	case w.conn != nil:
		return w.transact(now, w.conn, o, again)
	case w.pool != nil:
		return w.tryPool(now, o, again)
	}
	return w.tryFresh(now, o, again)
}

// tryPool takes the connection that the writers of this process share.
func (w *Writer) tryPool(now int64, o *Outcome, again func() bool) error {
	o.ask(now)
	conn, err := w.pool.Take()
	if err != nil {
		o.Phase = sqlitedb.Open
		return err
	}
	defer w.pool.Put()
	return w.transact(host.Now(), conn, o, again)
}

// tryFresh connects, inserts and closes. An error of the close does not take back rows that the
// transaction has committed, so the transaction's error comes first.
func (w *Writer) tryFresh(opening int64, o *Outcome, again func() bool) error {
	conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
	now := host.Now()
	if err != nil || now-opening >= sqlitedb.ShortestSleep {
		o.ask(opening)
	}
	if err != nil {
		o.Phase, o.Waited = sqlitedb.Open, now-opening
		return err
	}
	err = w.transact(now, conn, o, again)
	if closeErr := conn.Close(); err == nil {
		o.Phase = sqlitedb.Close
		err = closeErr
	}
	return err
}

func (w *Writer) transact(now int64, conn *sqlitedb.Conn, o *Outcome, again func() bool) error {
	trace, err := conn.Transact(now, w.batch, again)
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
