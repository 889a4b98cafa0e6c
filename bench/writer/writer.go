package writer

import (
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

// Writer is a writer that is ready for one round. [New] returns one, which must be closed after the
// round.
type Writer struct {
	task  protocol.Task
	ids   IDs
	conn  *sqlitedb.Conn      // nil unless conn=held or conn=mutex
	mutex *sync.Mutex         // nil unless conn=mutex
	pool  *sqlitedb.Pool      // nil unless conn=pool
	group *group              // nil unless conn=writer
	cold  *sqlitedb.ColdStart // nil before a cold start, and if it failed
	queue queue               // nil unless busy is queue or lease
	lease lease

	arrivals arrivals.File // of an open loop
	err      error         // of taking arrivals

	retrier
	batch []uuid.UUID // of the current attempt

	// Of the round so far:
	attempts    int
	messages    map[int]string // of errors other than lock errors, by attempt
	failedHolds []outcome.Span
	statements  []outcome.StatementTime // of an SQL file

	statementSpans []outcome.StatementSpan
}

// New returns a writer that is ready. Unless conn is fresh it connects, which is then not part of
// the round. It connects under a long timeout and sets the scenario's busy policy
// afterwards.
func New(task protocol.Task) (*Writer, error) {
	if task.SQL != nil {
		task.Scenario = task.Scenario.ForSQL()
	}
	s := task.Scenario
	w := &Writer{
		task:     task,
		ids:      NewIDs(task.Seed, task.Number),
		retrier:  newRetrier(task),
		batch:    make([]uuid.UUID, s.Batch),
		messages: map[int]string{},
	}
	if task.SQL != nil {
		for _, line := range task.SQL.Lines() {
			w.statements = append(w.statements, outcome.StatementTime{Line: line})
		}
	}
	var err error
	if s.Busy.Queues() {
		if w.queue, err = openQueue(task.Database, s.Busy); err != nil {
			return nil, fmt.Errorf("writer %d: queue: %w", task.Number, err)
		}
	}
	if err := w.connect(); err != nil {
		return nil, errors.Join(fmt.Errorf("writer %d: connect: %w", task.Number, err), w.Close())
	}
	return w, nil
}

// use makes the transactions of a connection or a pool those of the SQL file, if there is one.
func (w *Writer) use(c interface {
	Use(*workload.Workload) error
}) error {
	if w.task.SQL == nil {
		return nil
	}
	return c.Use(w.task.SQL)
}

func (w *Writer) connect() (err error) {
	database, s := w.task.Database, w.task.Scenario
	switch s.Conn.Kind {
	case scenario.Pool:
		w.pool, err = pools.Join(database, func() (*sqlitedb.Pool, error) {
			pool, err := sqlitedb.OpenPool(database, s)
			if err != nil {
				return nil, err
			}
			if err := w.use(pool); err != nil {
				return nil, errors.Join(err, pool.Close())
			}
			return pool, nil
		})
	case scenario.GroupWrite:
		w.group, err = groups.Join(database, func() (*group, error) {
			conn, err := sqlitedb.ConnectGroup(database, s)
			if err != nil {
				return nil, err
			}
			if err := w.use(conn); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
			return &group{conn: conn}, nil
		})
	case scenario.Mutex:
		w.mutex, _ = mutexes.Join(database, func() (*sync.Mutex, error) {
			return new(sync.Mutex), nil
		})
		fallthrough
	case scenario.Held:
		w.conn, err = sqlitedb.Connect(database, sqlitedb.WithSetupTimeout(s))
		if err == nil {
			w.conn.SetBusy(s.Busy)
			err = w.use(w.conn)
		}
	}
	return err
}

// Tail is what comes after a writer's last counted attempt. The writers of a sustained round keep
// up the load after the deadline: attempts of others that began before it are still counted, and
// without load they would end sooner. The zero value ends the round at once.
type Tail struct {
	Counted func()      // called once, when the last counted attempt has ended
	Over    func() bool // in a sustained round: reports whether those of all writers have ended
}

// Run makes the attempts of a round. Its caller has waited for the release. In a burst it makes one
// attempt. In a sustained round it begins attempts until the deadline, each when the previous one
// has ended and the scenario's pause is over (a closed loop), or when an arrival comes (an open
// loop), and then goes on until the tail is over. A cold start has one attempt, too.
func (w *Writer) Run(s outcome.Schedule, tail Tail) outcome.Series {
	switch {
	case s.Mode == outcome.ColdStart:
		return w.runColdStart(tail)
	case s.Mode == outcome.Sustained && w.task.Scenario.Rate > 0:
		return w.runOpen(s, tail)
	}
	w.keepLease(s.Mode)
	defer w.rest()
	outcomes := newChunks(s.Mode)
	add := func(o outcome.Outcome) bool {
		outcomes.add(o)
		return true
	}
	last := w.attemptAll(s, add)
	if tail.Counted != nil {
		tail.Counted()
		for s.Mode == outcome.Sustained && !tail.Over() {
			if last = w.think(last, tail.Over); tail.Over() {
				break
			}
			o := w.attempt(last)
			outcomes.add(o)
			last = o.End
		}
	}
	return w.series(outcomes.join())
}

// Stream makes the attempts of a round as [Writer.Run] does, but keeps no outcomes. Before the next
// attempt begins it calls report with the outcome, the row ids, and SQLite's message if the outcome
// is neither acknowledged nor a lock error. It ends early if report returns false. It returns the
// number of attempts.
func (w *Writer) Stream(
	s outcome.Schedule,
	report func(o outcome.Outcome, rows []uuid.UUID, message string) bool,
) (attempts int) {
	w.attemptAll(s, func(o outcome.Outcome) bool {
		message := w.messages[attempts]
		delete(w.messages, attempts)
		attempts++
		return report(o, w.batch, message)
	})
	return attempts
}

// attemptAll makes the attempts of a round, or fewer if report returns false. It returns the end of
// the last one, or the present if there was none.
func (w *Writer) attemptAll(s outcome.Schedule, report func(outcome.Outcome) bool) (end int64) {
	end = clock.Now()
	for end < s.Deadline || s.Mode == outcome.Burst {
		o := w.attempt(end)
		end = o.End
		if !report(o) || s.Mode == outcome.Burst {
			break
		}
		end = w.think(end, func() bool { return clock.Now() >= s.Deadline })
	}
	return end
}

// think pauses between two attempts, or shorter if the round is over. It takes the end of the last
// attempt and returns the end of the pause.
func (w *Writer) think(from int64, over func() bool) int64 {
	return think(w.task.Scenario, from, over)
}

// series returns the outcomes with the rest of what the writer reports. It draws the row ids again,
// because keeping them during the round would cost memory in the middle of the measurement.
func (w *Writer) series(outcomes []outcome.Outcome) outcome.Series {
	ids := make([]uuid.UUID, len(outcomes)*w.task.Scenario.Batch)
	stream := NewIDs(w.task.Seed, w.task.Number)
	for i := range ids {
		ids[i] = stream.Next()
	}
	return outcome.Series{
		Outcomes: outcomes, IDs: ids, Messages: w.messages, FailedHolds: w.failedHolds,
		Statements: w.statements, StatementSpans: w.statementSpans,
	}
}

// Close closes the writer's connection and lock file.
func (w *Writer) Close() error {
	errs := []error{w.err}
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	if w.cold != nil {
		errs = append(errs, w.cold.Close())
	}
	if w.mutex != nil {
		errs = append(errs, mutexes.Leave(w.task.Database, func(*sync.Mutex) error { return nil }))
	}
	if w.pool != nil {
		errs = append(errs, pools.Leave(w.task.Database, (*sqlitedb.Pool).Close))
	}
	if w.group != nil {
		errs = append(errs, groups.Leave(w.task.Database, (*group).close))
	}
	if w.queue != nil {
		errs = append(errs, w.queue.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("writer %d: close: %w", w.task.Number, err)
	}
	return nil
}

// attempt makes one attempt, which begins at the instant start.
func (w *Writer) attempt(start int64) outcome.Outcome {
	for i := range w.batch {
		w.batch[i] = w.ids.Next()
	}
	o := outcome.Outcome{Start: start}
	err := w.attemptByPolicy(&o)
	// With a held connection the attempt ends with the release of the lock, whose instant is known.
	if o.End = o.LockReleased; o.End == 0 || w.conn == nil || w.queue != nil {
		o.End = clock.Now()
	}
	if err != nil {
		o.Code = resultCode(err)
		if !o.LockError() {
			o.LockWait = 0
			w.messages[w.attempts] = protocol.ShortText(err.Error())
		}
	}
	w.attempts++
	return o
}

// resultCode returns the code of an attempt that ended in err.
func resultCode(err error) outcome.Code {
	if errors.Is(err, errQueueTimeout) {
		return outcome.QueueTimeout
	}
	return sqlitedb.ResultCode(err)
}
