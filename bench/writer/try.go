package writer

import (
	"busybench/bench/host"
	"busybench/bench/sqlitedb"
)

// try tries, from now on, to insert the attempt's rows, over the connection that the scenario asks
// for, and notes in o what came of it. It tries as often as again says, connecting and the transaction each
// for itself, as a program does that retries what has failed.
func (w *Writer) try(now int64, o *Outcome, again sqlitedb.Again) error {
	switch {
	case w.conn != nil:
		return w.transact(now, w.conn, o, again)
	case w.pool != nil:
		return w.tryPool(now, o, again)
	}
	return w.tryFresh(now, o, again)
}

// tryPool takes the connection that the writers of this process share.
func (w *Writer) tryPool(now int64, o *Outcome, again sqlitedb.Again) error {
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
func (w *Writer) tryFresh(now int64, o *Outcome, again sqlitedb.Again) error {
	conn, now, err := w.open(now, o, again)
	if err != nil {
		return err
	}
	err = w.transact(now, conn, o, again)
	if closeErr := conn.Close(); err == nil {
		o.Phase = sqlitedb.Close
		err = closeErr
	}
	return err
}

// open connects, and returns the instant at which it was done, too.
func (w *Writer) open(now int64, o *Outcome, again sqlitedb.Again) (*sqlitedb.Conn, int64, error) {
	for {
		conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
		opened := host.Now()
		if err != nil || opened-now >= sqlitedb.ShortestSleep {
			o.ask(now)
		} else {
			o.Open = opened - now
		}
		if !again.After(err) {
			o.Phase, o.Waited = sqlitedb.Open, opened-now
			return conn, opened, err
		}
		now = host.Now()
	}
}

// transact makes the transaction. A try that has failed is rolled back, which is the only way on
// from a stale snapshot.
func (w *Writer) transact(now int64, conn *sqlitedb.Conn, o *Outcome, again sqlitedb.Again) error {
	for {
		trace, err := conn.Transact(now, w.batch, again)
		o.ask(trace.Asked)
		o.Phase, o.Waited = trace.Phase, trace.Waited
		o.Begin, o.Got, o.In, o.LetGo = trace.Begin, trace.Got, trace.In, trace.LetGo
		if !again.After(err) {
			return err
		}
		if o.Got != 0 {
			w.vain = append(w.vain, Span{o.Got, o.LetGo})
			o.Got, o.In, o.LetGo = 0, 0, 0
		}
		now = host.Now()
	}
}

// ask notes when the writer began to wait, unless it was waiting already.
func (o *Outcome) ask(instant int64) {
	if o.Asked == 0 {
		o.Asked = instant
	}
}
