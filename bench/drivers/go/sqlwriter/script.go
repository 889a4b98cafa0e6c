package sqlwriter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// script runs the sections of an SQL file.
type script struct {
	file       *workload.Workload
	source     *workload.Source
	parameters map[string]workload.Parameter // by their names in SQLite
	times      []outcome.StatementTime       // of all statements of -- write or -- read sections
	number     int                           // of attempts or reads so far

	runs   []run                   // of the attempt under way
	locked bool                    // its transaction has the write lock
	spans  []outcome.StatementSpan // of its statements
}

// run is a run of a section. If the transaction is run again, it has the same id.
type run struct {
	id      uuid.UUID
	section int
	columns map[string]any // values of columns, by name
	read    []bool         // the statements that only read and have been run
}

// prepareScript makes the script of the task, if it has an SQL file with sections for its role.
func (c *client) prepareScript() (err error) {
	file := c.task.SQL
	if file == nil {
		return nil
	}
	c.task.Scenario = c.task.Scenario.ForSQL()
	statements := file.Read
	if c.task.Role == outcome.Writer {
		statements = nil
		for _, section := range file.Write {
			statements = append(statements, section.Statements...)
		}
	}
	if statements != nil {
		c.script, err = newScript(file, statements)
	}
	return err
}

// newScript returns a script of some statements of a file.
func newScript(file *workload.Workload, statements []workload.Statement) (*script, error) {
	s := &script{
		file: file, source: workload.NewSource(), parameters: map[string]workload.Parameter{},
	}
	for _, statement := range statements {
		s.times = append(s.times, outcome.StatementTime{Line: statement.Line})
		for _, name := range statement.Parameters {
			p, err := workload.ParseParameter(name)
			if err != nil {
				return nil, atLine(file, statement, err)
			}
			s.parameters[name] = p
		}
	}
	return s, nil
}

// connect runs the -- connect section on a new connection.
func connect(on execer, file *workload.Workload) error {
	if file == nil {
		return nil
	}
	for _, statement := range file.Connect {
		if _, err := on.ExecContext(context.Background(), statement.SQL); err != nil {
			return atLine(file, statement, err)
		}
	}
	return nil
}

// atLine adds the file and the line of a statement to an error.
func atLine(file *workload.Workload, s workload.Statement, err error) error {
	return fmt.Errorf("%s:%d: %w", file.Name, s.Line, err)
}

// begin begins an attempt or a read.
func (s *script) begin() {
	s.runs, s.spans = nil, nil
	s.number++
}

// statements returns how often and how long the statements of the SQL file ran.
func (c *client) statements() []outcome.StatementTime {
	if c.script == nil {
		return nil
	}
	return c.script.times
}

// run returns the run of a section for the row with an index.
func (s *script) run(index int, id uuid.UUID) *run {
	if index == len(s.runs) {
		s.source.SeedFor(id, 0)
		section := s.file.Choose(s.source.Below)
		s.runs = append(s.runs, run{
			id: id, section: section, columns: map[string]any{},
			read: make([]bool, len(s.file.Write[section].Statements)),
		})
	}
	return &s.runs[index]
}

// runSection runs a section for the row of an attempt with an index.
func (w *writer) runSection(tx *sql.Tx, r *result, index int) error {
	s := w.script
	run := s.run(index, r.ids[index])
	section, times := s.file.Write[run.section], s.times[s.file.Offset(run.section):]
	for i, statement := range section.Statements {
		s.locked = s.locked || !statement.ReadsOnly
		if section.KeepReads && run.read[i] {
			continue
		}
		r.Phase, r.Line = outcome.Insert, uint16(statement.Line)
		if !s.locked {
			r.Phase = outcome.Begin
		}
		s.source.SeedFor(run.id, i+1)
		args := s.arguments(statement, run, (s.number-1)*len(r.ids)+index)
		if err := w.runStatement(tx, statement, args, run, &times[i]); err != nil {
			return err
		}
		run.read[i] = statement.ReadsOnly
	}
	r.Phase, r.Line = outcome.Insert, 0
	s.locked = true // by the INSERT into the ledger that follows
	return nil
}

// runStatement runs a statement and adds its time. An error names its line.
func (c *client) runStatement(
	on execer, statement workload.Statement, args []any, r *run, t *outcome.StatementTime,
) error {
	c.callStart = clock.Now()
	err := c.script.execute(on, statement, args, r)
	span := outcome.Span{From: c.callStart, To: clock.Now()}
	t.AddRun(span.To-span.From, 0, err != nil && c.code(err).IsLock())
	if c.task.StatementSpans && c.task.Role == outcome.Writer {
		c.script.spans = append(c.script.spans,
			outcome.StatementSpan{Line: statement.Line, Span: span})
	}
	if err != nil {
		return atLine(c.script.file, statement, err)
	}
	return nil
}

// readScript runs the -- read section: in a transaction if it has several statements, and twice
// with a pause between under read=hold.
func (r *reader) readScript(h handle, o *outcome.Outcome, over func() bool) error {
	section := func() error { return r.readSection(h, o) }
	read := r.task.Scenario.Read
	switch {
	case read.Kind == scenario.HoldRead:
		return r.inTransaction(h, func() error {
			if err := section(); err != nil {
				return err
			}
			sleepUntil(clock.Now()+int64(read.Hold), over)
			return section()
		})
	case len(r.script.file.Read) > 1:
		return r.inTransaction(h, section)
	}
	return section()
}

// readSection runs the statements of the -- read section once.
func (r *reader) readSection(h handle, o *outcome.Outcome) error {
	s := r.script
	run := run{columns: map[string]any{}}
	s.source.Seed(r.task.Seed, uint64(r.task.Number)<<40+uint64(s.number))
	for i, statement := range s.file.Read {
		o.Line = uint16(statement.Line)
		args := s.arguments(statement, &run, s.number-1)
		if err := r.runStatement(h, statement, args, &run, &s.times[i]); err != nil {
			return err
		}
	}
	o.Line = 0
	return nil
}

// arguments returns the values of a statement's parameters.
func (s *script) arguments(statement workload.Statement, r *run, number int) (args []any) {
	for _, name := range statement.Parameters {
		var value any
		switch p := s.parameters[name]; p.Kind {
		case workload.Column:
			value = r.columns[p.Name]
		case workload.ID:
			value = r.id.String()
		case workload.Number:
			value = int64(number)
		case workload.Text:
			value = s.source.Text(p)
		default:
			value = s.source.Int(p)
		}
		args = append(args, sql.Named(name[1:], value))
	}
	return args
}

// execute runs a statement to its end, and keeps the columns of its first row.
func (s *script) execute(
	on execer, statement workload.Statement, args []any, r *run,
) (err error) {
	rows, err := on.QueryContext(context.Background(), statement.SQL, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	for i := len(names) - 1; i >= 0; i-- { // the first one of a name counts
		r.columns[names[i]] = values[i]
	}
	for rows.Next() {
	}
	return rows.Err()
}
