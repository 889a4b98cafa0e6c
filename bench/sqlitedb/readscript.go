package sqlitedb

import (
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// readScript runs the -- read section of an SQL file on the connection of a reader.
type readScript struct {
	file    *workload.Workload
	routine *routine
	source  *workload.Source
	number  int // of the next run
	times   []outcome.StatementTime
	failed  uint16 // line of the statement that failed in the last run, or 0
}

// Use makes the reads of a reader those of an SQL file, if that has a -- read section.
func (r *Reader) Use(file *workload.Workload) error {
	if err := runStatements(r.db, file.Name, file.Connect); err != nil || file.Read == nil {
		return err
	}
	routine, err := newRoutine(r.db, file.Name, file.Read, readKinds...)
	r.script = &readScript{file: file, routine: routine, source: workload.NewSource()}
	for _, s := range file.Read {
		r.script.times = append(r.script.times, outcome.StatementTime{Line: s.Line})
	}
	return err
}

// Statements returns how often and how long the statements of the SQL file ran.
func (r *Reader) Statements() []outcome.StatementTime {
	if r.script == nil {
		return nil
	}
	return r.script.times
}

// runScript runs the section: in a transaction if it has several statements, and twice with a pause
// between under read=hold.
func (r *Reader) runScript(hold func(time.Duration)) error {
	defer func() { r.script.number++ }()
	r.script.failed = 0
	switch {
	case r.read.Kind == scenario.HoldRead:
		return r.inTransaction(func() error {
			if err := r.runSection(); err != nil {
				return err
			}
			hold(r.read.Hold)
			return r.runSection()
		})
	case len(r.script.routine.steps) > 1:
		return r.inTransaction(r.runSection)
	}
	return r.runSection()
}

func (r *Reader) runSection() error {
	s := r.script
	s.source.Seed(r.random.Uint64(), r.random.Uint64())
	values := make([]value, s.routine.slots)
	for i := range s.routine.steps {
		step := &s.routine.steps[i]
		start, waited := clock.Now(), length(r.busy.waited)
		err := step.execute(s.source, arguments{uuid.Nil, s.number, 0}, values)
		s.times[i].AddRun(clock.Now()-start, length(r.busy.waited)-waited, ResultCode(err).IsLock())
		if err != nil {
			s.failed = uint16(step.Line)
			if code := ResultCode(err); code.IsLock() || code == outcome.Interrupt {
				return err
			}
			return atLine(s.file.Name, step.Line, err)
		}
	}
	return nil
}
