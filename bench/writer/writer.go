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
}

// Prepare makes a writer ready. Where the scenario says conn=held it connects, with patience:
// connecting is no part of the round then, and gets the scenario's busy policy afterwards.
func Prepare(task Task) (*Writer, error) {
	w := &Writer{task: task, ids: NewIDs(task.Seed, task.Writer)}
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
// come. It returns the outcomes in order.
func (w *Writer) Run(until int64) []Outcome {
	if until == 0 {
		return []Outcome{w.attempt(w.ids.Next(), Now())}
	}
	var kept chunks
	for {
		id, start := w.ids.Next(), Now()
		if start >= until {
			return kept.joined()
		}
		kept.add(w.attempt(id, start))
	}
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
func (w *Writer) attempt(id uuid.UUID, start int64) Outcome {
	o := Outcome{ID: id, Start: start}
	var err error
	if w.conn != nil {
		o.Phase, err = Insert, w.conn.Insert(o.ID)
	} else {
		o.Phase, err = w.attemptFresh(o)
	}
	o.End = Now()
	if err != nil {
		o.Code = sqlitedb.Code(err)
		if !o.LockError() {
			o.Message = err.Error()
		}
	}
	return o
}

// attemptFresh connects, inserts and closes, and says where it ended. An error of the close
// does not take back a row that the insert has committed, so the insert's error comes first.
func (w *Writer) attemptFresh(o Outcome) (Phase, error) {
	conn, err := sqlitedb.Connect(w.task.Database, w.task.Scenario)
	if err != nil {
		return Open, err
	}
	insertErr := conn.Insert(o.ID)
	closeErr := conn.Close()
	if insertErr != nil {
		return Insert, insertErr
	}
	return Close, closeErr
}
