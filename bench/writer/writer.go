package writer

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// Task is what a writer has to know before a round.
type Task struct {
	Scenario scenario.Scenario `json:"scenario"`
	Database string            `json:"database"` // path of the file, which exists
	Writer   int               `json:"writer"`   // number of this writer in the round, from 0
	Seed     uint64            `json:"seed"`     // of the row ids
}

func (t Task) ids() IDs { return NewIDs(t.Seed, t.Writer) }

// Writer is a writer that is ready for one round.
type Writer struct {
	task   Task
	ids    IDs
	jitter *rand.Rand     // of the sleeps under busy=retry
	conn   *sqlitedb.Conn // nil unless conn=held
	pool   *sqlitedb.Pool // nil unless conn=pool
	queue  *queue         // nil unless busy=queue

	batch    []uuid.UUID    // of the current attempt
	made     int            // attempts so far
	messages map[int]string // of other errors, by attempt
	vain     []Span
}

// Prepare makes a writer ready. Where the scenario says conn=held or conn=pool it connects, with
// patience: connecting is no part of the round then, and gets the scenario's busy policy afterwards.
func Prepare(task Task) (*Writer, error) {
	s := task.Scenario
	w := &Writer{
		task: task, ids: task.ids(), jitter: rand.New(rand.NewPCG(task.Seed, uint64(task.Writer))),
		batch: make([]uuid.UUID, s.Batch), messages: map[int]string{},
	}
	var err error
	if s.Busy.Policy == scenario.Queue {
		if w.queue, err = newQueue(task.Database); err != nil {
			return nil, fmt.Errorf("writer %d: queue: %w", task.Writer, err)
		}
	}
	if err := w.connect(); err != nil {
		return nil, errors.Join(fmt.Errorf("writer %d: connect: %w", task.Writer, err), w.Finish())
	}
	return w, nil
}

func (w *Writer) connect() (err error) {
	s := w.task.Scenario
	switch s.Conn {
	case scenario.Pool:
		w.pool, err = joinPool(w.task.Database, s)
	case scenario.Held:
		if w.conn, err = sqlitedb.Connect(w.task.Database, sqlitedb.Patiently(s)); err == nil {
			w.conn.SetBusy(s.Busy)
		}
	}
	return err
}

// Run makes one attempt where until is 0, and otherwise begins attempts until that instant has
// come. In such a closed loop an attempt begins when the one before it has ended.
func (w *Writer) Run(until int64) Outcomes {
	if until == 0 {
		return w.outcomes([]Outcome{w.attempt(host.Now())})
	}
	var kept chunks
	w.again(until, func(o Outcome) bool {
		kept.add(o)
		return true
	})
	return w.outcomes(kept.joined())
}

// Stream begins attempts as Run does, but tells of each at once, before the next begins, with its rows and what SQLite says of another error, and
// keeps none. It ends early where tell says so. It returns how many attempts it made.
func (w *Writer) Stream(until int64, tell func(o Outcome, rows []uuid.UUID, message string) bool) (attempts int) {
	w.again(until, func(o Outcome) bool {
		message := w.messages[attempts]
		delete(w.messages, attempts)
		attempts++
		return tell(o, w.batch, message)
	})
	return attempts
}

// again makes attempts until an instant has come, or each says no.
func (w *Writer) again(until int64, each func(Outcome) bool) {
	for start := host.Now(); start < until; {
		o := w.attempt(start)
		if !each(o) {
			return
		}
		start = o.End
	}
}

// outcomes adds to a list what was not kept with it. The ids are drawn again: keeping them while
// the clock ran would cost memory in the middle of what is being measured.
func (w *Writer) outcomes(list []Outcome) Outcomes {
	ids, again := make([]uuid.UUID, len(list)*w.task.Scenario.Batch), w.task.ids()
	for i := range ids {
		ids[i] = again.Next()
	}
	return Outcomes{list, ids, w.messages, w.vain}
}

// Finish lets go of what is held over a round.
func (w *Writer) Finish() error {
	var errs []error
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	if w.pool != nil {
		errs = append(errs, leavePool(w.task.Database))
	}
	if w.queue != nil {
		errs = append(errs, w.queue.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("writer %d: close: %w", w.task.Writer, err)
	}
	return nil
}

// attempt makes one attempt, from the writer's first act, at start, to its answer.
func (w *Writer) attempt(start int64) Outcome {
	for i := range w.batch {
		w.batch[i] = w.ids.Next()
	}
	o := Outcome{Start: start}
	err := w.underPolicy(&o)
	// Over a held connection letting the lock go is the last act, and its instant is known.
	if o.End = o.LetGo; o.End == 0 || w.conn == nil || w.queue != nil {
		o.End = host.Now()
	}
	if err != nil {
		o.Code = codeOf(err)
		if !o.LockError() {
			o.Waited = 0
			w.messages[w.made] = err.Error()
		}
	}
	w.made++
	return o
}

// codeOf is the code of an attempt that ended in err.
func codeOf(err error) sqlitedb.Code {
	if errors.Is(err, errQueueTimeout) {
		return sqlitedb.QueueTimeout
	}
	return sqlitedb.CodeOf(err)
}
