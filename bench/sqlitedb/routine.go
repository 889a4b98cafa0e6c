package sqlitedb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"busybench/bench/workload"
)

// routine is a section of an SQL file, prepared on a connection.
type routine struct {
	steps []step
	slots int // number of values that statements pass on
}

// step is a statement of a routine.
type step struct {
	workload.Statement
	stmt       *sqlite.Stmt
	parameters []parameter
	columns    []column // those that later statements use
}

// parameter is a parameter of a statement, with the slot of its value if it is a column.
type parameter struct {
	workload.Parameter
	slot int
}

// column is a column whose value goes to a slot.
type column struct{ index, slot int }

// newRoutine prepares a section. Its errors name the line.
func newRoutine(
	db *sqlite.Conn, file string, statements []workload.Statement, may ...workload.Kind,
) (*routine, error) {
	r := &routine{}
	for _, s := range statements {
		stmt, err := db.Prepare(s.SQL)
		if err != nil {
			return nil, syntaxError(file, s, err)
		}
		next := step{Statement: s, stmt: stmt}
		for i := range stmt.BindParamCount() {
			p, err := r.parameter(stmt.BindParamName(i+1), may)
			if err != nil {
				return nil, atLine(file, s.Line, err)
			}
			next.parameters = append(next.parameters, p)
		}
		r.steps = append(r.steps, next)
	}
	return r, nil
}

// parameter returns a parameter of the next statement. If it is a column of a statement before, it
// links the two.
func (r *routine) parameter(name string, may []workload.Kind) (p parameter, err error) {
	if p.Parameter, err = workload.ParseParameter(name); err != nil {
		return p, err
	}
	columns := r.columnNames()
	switch {
	case p.Kind != workload.Column && slices.Contains(columns, name[1:]):
		return p, fmt.Errorf("parameter %s is also a column of a statement before; rename the "+
			"column, such as by AS my_%s", name, name[1:])
	case p.Kind == workload.Column && slices.Contains(columns, p.Name):
		p.slot = r.link(p.Name)
	case !slices.Contains(may, p.Kind):
		return p, workload.UnknownParameter(name, columns)
	}
	return p, nil
}

// columnNames returns the names of the columns of all statements.
func (r *routine) columnNames() (names []string) {
	for _, s := range r.steps {
		for i := range s.stmt.ColumnCount() {
			names = append(names, s.stmt.ColumnName(i))
		}
	}
	return names
}

// link returns the slot of a column, and makes each statement that has the column fill the slot.
func (r *routine) link(name string) (slot int) {
	for _, s := range r.steps {
		for _, c := range s.columns {
			if s.stmt.ColumnName(c.index) == name {
				return r.fill(name, c.slot)
			}
		}
	}
	r.slots++
	return r.fill(name, r.slots-1)
}

// fill makes all statements that have a column fill a slot, which it returns.
func (r *routine) fill(name string, slot int) int {
	for n := range r.steps {
		s := &r.steps[n]
		for i := range s.stmt.ColumnCount() {
			c := column{i, slot}
			if s.stmt.ColumnName(i) == name && !slices.Contains(s.columns, c) {
				s.columns = append(s.columns, c)
				break
			}
		}
	}
	return slot
}

// atLine returns the innermost error with the file and the line. It leaves out the driver's text
// around SQLite's, which may repeat the statement.
func atLine(file string, line int, err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return lineError{file, line, err}
}

// lineError is an error at a line of an SQL file.
type lineError struct {
	file string
	line int
	err  error
}

// Error leaves out SQLite's prefix of errors without a code of their own.
func (e lineError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.file, e.line,
		strings.TrimPrefix(e.err.Error(), "SQL logic error: "))
}

func (e lineError) Unwrap() error { return e.err }

// syntaxError returns an error of SQLite with the line at which it occurred.
func syntaxError(file string, s workload.Statement, err error) error {
	line := s.Line
	if offset, ok := sqlite.ErrorOffset(err); ok && offset <= len(s.SQL) {
		line += strings.Count(s.SQL[:offset], "\n")
	}
	hint := ""
	switch text := err.Error(); {
	case strings.Contains(text, `unrecognized token: ":`):
		hint = "; a parameter has no spaces, as in :random(1,100)"
	case strings.Contains(text, "table "+ledgerTable+" already exists"):
		hint = "; that is the table of the ledger, so name yours otherwise"
	}
	return fmt.Errorf("%w%s", atLine(file, line, err), hint)
}

// ledgerTable is the table with a row for each transaction.
const ledgerTable = "messages"
