package writer

import (
	"fmt"

	"github.com/google/uuid"

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

// Writer is a writer that is ready for one round.
type Writer struct {
	task Task
	ids  IDs
	conn *sqlitedb.Conn // nil unless conn=held

	made     int            // attempts so far
	messages map[int]string // of other errors, by attempt
}

// Prepare makes a writer ready. Where the scenario says conn=held it connects, with patience:
// connecting is no part of the round then, and gets the scenario's busy policy afterwards.
func Prepare(task Task) (*Writer, error) {
	w := &Writer{task: task, ids: NewIDs(task.Seed, task.Writer), messages: map[int]string{}}
	if task.Scenario.Conn != scenario.Held {
		return w, nil
	}
	conn, err := sqlitedb.Connect(task.Database, sqlitedb.Patiently(task.Scenario))
	if err != nil {
		return nil, fmt.Errorf("writer %d: connect: %w", task.Writer, err)
	}
	conn.SetBusy(task.Scenario.Busy)
	w.conn = conn
	return w, nil
}

// Run makes one attempt where until is 0, and otherwise begins attempts until that instant has
// come. In such a closed loop an attempt begins when the one before it has ended.
func (w *Writer) Run(until int64) Outcomes {
	if until == 0 {
		return Outcomes{[]Outcome{w.attempt(Now())}, w.messages}
	}
	var kept chunks
	for start := Now(); start < until; {
		o := w.attempt(start)
		kept.add(o)
		start = o.End
	}
	return Outcomes{kept.joined(), w.messages}
}

// Finish closes a held connection.
func (w *Writer) Finish() error {
	if w.conn == nil {
		return nil
	}
	if err := w.conn.Close(); err != nil {
		return fmt.Errorf("writer %d: close: %w", w.task.Writer, err)
	}
	return nil
}

// attempt makes one attempt, from the writer's first act, at start, to its answer.
func (w *Writer) attempt(start int64) Outcome {
	o := Outcome{ID: w.ids.Next(), Start: start, Phase: Insert}
	var err error
	if w.conn != nil {
		err = w.conn.Insert(o.ID)
	} else {
		o.Phase, err = w.attemptFresh(o.ID)
	}
	o.End = Now()
	if err != nil {
		o.Code = int32(sqlitedb.Code(err))
		if !o.LockError() {
			w.messages[w.made] = err.Error()
		}
	}
	w.made++
	return o
}

// attemptFresh connects, inserts and closes, and says where it ended. An error of the close
// does not take back a row that the insert has committed, so the insert's error comes first.
func (w *Writer) attemptFresh(id uuid.UUID) (Phase, error) {
	conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
	if err != nil {
		return Open, err
	}
	insertErr := conn.Insert(id)
	closeErr := conn.Close()
	if insertErr != nil {
		return Insert, insertErr
	}
	return Close, closeErr
}
