package sqlitedb

import (
	"cmp"

	"github.com/google/uuid"
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// script runs the sections of an SQL file on a connection.
type script struct {
	db       *sqlite.Conn
	file     *workload.Workload
	routines []*routine // of the -- write sections, nil before their first use
	source   *workload.Source
	runs     []run // of the current transaction
	longest  longest

	tls    *libc.TLS // of handle
	handle uintptr
}

// longest is the longest part of the time in which the current transaction holds the write lock.
type longest struct {
	line     int   // of a statement, or 0
	duration int64 // in ns
}

// consider keeps a part if it is longer than all before.
func (l *longest) consider(line int, duration int64) {
	if duration > l.duration {
		*l = longest{line, duration}
	}
}

// run is a run of a section in a transaction. If the transaction is run again, it has the same id.
type run struct {
	id      uuid.UUID
	section int
	values  []value // by slot
	read    []bool  // the statements that only read and have been run
}

// Use makes the transactions of a connection those of an SQL file, by [Conn.TransactSQL]. The
// connection was made with a scenario of scenario.ForSQL.
func (c *Conn) Use(file *workload.Workload) error {
	c.script = &script{
		db: c.db, file: file, source: workload.NewSource(),
		routines: make([]*routine, len(file.Write)),
	}
	c.script.tls, c.script.handle = handle(c.db)
	return runStatements(c.db, file.Name, file.Connect)
}

// runStatements runs statements without parameters.
func runStatements(db *sqlite.Conn, file string, statements []workload.Statement) error {
	for _, s := range statements {
		stmt, _, err := db.PrepareTransient(s.SQL)
		if err != nil {
			return syntaxError(file, s, err)
		}
		err = stepAll(stmt)
		stmt.Finalize()
		if err != nil {
			return atLine(file, s.Line, err)
		}
	}
	return nil
}

// sectionKinds and readKinds are the kinds of parameters of -- write and -- read sections.
var (
	sectionKinds = []workload.Kind{
		workload.ID, workload.Number, workload.Random, workload.Zipf, workload.Text,
	}
	readKinds = sectionKinds[1:]
)

// begin returns the run of a section for an id, and its routine. If the transaction is run again,
// the run is the same as before.
func (s *script) begin(index int, id uuid.UUID) (*run, *routine, error) {
	if index == len(s.runs) {
		s.runs = append(s.runs, run{})
	}
	r := &s.runs[index]
	again := r.id == id
	if !again {
		s.source.SeedFor(id, 0)
		r.id, r.section = id, s.file.Choose(s.source.Below)
	}
	routine, err := s.routine(r.section)
	if err != nil {
		return nil, nil, err
	}
	if !again {
		r.values = append(r.values[:0], make([]value, routine.slots)...)
		r.read = append(r.read[:0], make([]bool, len(routine.steps))...)
	}
	return r, routine, nil
}

// routine returns a -- write section, prepared.
func (s *script) routine(section int) (r *routine, err error) {
	if s.routines[section] == nil {
		statements := s.file.Write[section].Statements
		s.routines[section], err = newRoutine(s.db, s.file.Name, statements, sectionKinds...)
	}
	return s.routines[section], err
}

// arguments are the values of parameters that are not drawn.
type arguments struct {
	id           uuid.UUID
	number       int
	acknowledged int
}

// execute binds the parameters of a step, runs it to its end, and keeps the columns of its first
// row that are used later.
func (s *step) execute(source *workload.Source, a arguments, values []value) error {
	for i, p := range s.parameters {
		switch p.Kind {
		case workload.Column:
			values[p.slot].bind(s.stmt, i+1)
		case workload.ID:
			s.stmt.BindText(i+1, a.id.String())
		case workload.Number:
			s.stmt.BindInt64(i+1, int64(a.number))
		case workload.Acknowledged:
			s.stmt.BindInt64(i+1, int64(a.acknowledged))
		case workload.Text:
			s.stmt.BindText(i+1, source.Text(p.Parameter))
		default:
			s.stmt.BindInt64(i+1, source.Int(p.Parameter))
		}
	}
	more, err := s.stmt.Step()
	if err != nil {
		return err
	}
	for _, c := range s.columns {
		values[c.slot] = value{}
		if more {
			values[c.slot] = columnValue(s.stmt, c.index)
		}
	}
	if more {
		return stepAll(s.stmt)
	}
	return s.stmt.Reset()
}

// SQLRun says what a transaction of an SQL file needs in addition to its ids.
type SQLRun struct {
	Number int                      // of the first run of a section by this writer
	Times  []outcome.StatementTime  // by section and statement; runs are added
	Spans  *[]outcome.StatementSpan // runs are appended unless it is nil
}

// TransactSQL is [Conn.Transact] for the file of [Conn.Use]: it runs a -- write section for each
// id, and inserts the id into the ledger.
func (c *Conn) TransactSQL(now int64, ids []uuid.UUID, r SQLRun) (outcome.Trace, error) {
	c.probe.reset()
	c.busy.reset()
	c.current = current{
		trace: outcome.Trace{Phase: outcome.Insert}, start: now, callStart: now,
	}
	c.script.longest = longest{}
	err := c.runSQL(ids, r)
	c.trace.LongestLine = uint16(c.script.longest.line)
	return c.finish(err)
}

func (c *Conn) runSQL(ids []uuid.UUID, r SQLRun) error {
	c.trace.Phase = outcome.Begin
	if err := c.beginTransaction(); err != nil {
		return err
	}
	insert := c.first
	for i, id := range ids {
		if err := c.runSection(i, id, r); err != nil {
			return err
		}
		c.trace.Phase, c.trace.Line = outcome.Insert, 0
		c.nextCall(clock.Now())
		if err := insert.insert(id); err != nil {
			return err
		}
		insert = c.rest
		c.noteTime(0, clock.Now())
	}
	clock.Spend(c.hold.Duration, c.hold.CPU)
	c.script.longest.consider(0, int64(c.hold.Duration))
	c.probe.recordRows()
	c.trace.Phase = outcome.Commit
	c.nextCall(c.probe.commitStart)
	return stepAll(c.commit)
}

// runSection runs the statements of a section.
func (c *Conn) runSection(index int, id uuid.UUID, r SQLRun) error {
	run, routine, err := c.script.begin(index, id)
	if err != nil {
		return err
	}
	write := c.script.file.Write[run.section]
	times := r.Times[c.script.file.Offset(run.section):]
	args := arguments{id: id, number: r.Number + index}
	for i := range routine.steps {
		s := &routine.steps[i]
		if write.KeepReads && run.read[i] {
			continue
		}
		c.trace.Phase, c.trace.Line = outcome.Insert, uint16(s.Line)
		if s.ReadsOnly && c.probe.lockAcquired == 0 {
			c.trace.Phase = outcome.Begin
		}
		c.nextCall(clock.Now())
		c.script.source.SeedFor(id, i+1)
		err := s.execute(c.script.source, args, run.values)
		end := clock.Now()
		c.noteLock()
		c.noteTime(s.Line, end)
		times[i].AddRun(end-c.callStart, length(c.busy.waited), ResultCode(err).IsLock())
		if r.Spans != nil {
			span := outcome.Span{From: c.callStart, To: end}
			*r.Spans = append(*r.Spans, outcome.StatementSpan{Line: s.Line, Span: span})
		}
		if err != nil {
			return c.explain(s.Line, err)
		}
		run.read[i] = s.ReadsOnly
	}
	return nil
}

// explain adds the file and the line to an error other than a lock error: its text is reported.
func (c *Conn) explain(line int, err error) error {
	if ResultCode(err).IsLock() {
		return err
	}
	return atLine(c.script.file.Name, line, err)
}

// noteTime notes how long the statement that ended at an instant held the write lock.
func (c *Conn) noteTime(line int, end int64) {
	if acquired := c.probe.lockAcquired; acquired != 0 {
		c.script.longest.consider(line, end-max(acquired, c.callStart))
	}
}

// noteLock records when the statement that has just ended acquired the write lock, if it did.
// SQLite says only that the transaction has the lock, so the instant is that of the last try.
func (c *Conn) noteLock() {
	if c.probe.lockAcquired == 0 && c.script.writes() {
		c.probe.lockAcquired = cmp.Or(c.busy.waited.To, c.callStart)
		c.probe.waited = c.busy.waited
	}
}

// writes reports whether the transaction of the connection has the write lock of the file.
func (s *script) writes() bool {
	return lib.Xsqlite3_txn_state(s.tls, s.handle, mainSchema) == lib.SQLITE_TXN_WRITE
}

// mainSchema is the name of the database in SQLite, as a C string that is never freed.
var mainSchema = func() uintptr {
	text, err := libc.CString("main")
	if err != nil {
		panic(err)
	}
	return text
}()
