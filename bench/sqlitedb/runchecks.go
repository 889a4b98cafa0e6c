package sqlitedb

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// RunChecks runs the -- check sections of an SQL file on a database after a number of acknowledged
// runs of -- write sections. An error says what is wrong.
func RunChecks(path string, s scenario.Scenario, file *workload.Workload, acknowledged int) error {
	conn, err := connectSide(path, s)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	defer conn.Close()
	return runChecks(conn.db, file, acknowledged)
}

// runChecks runs the -- check sections. All violations are one error.
func runChecks(db *sqlite.Conn, file *workload.Workload, acknowledged int) error {
	var errs []string
	for _, s := range file.Check {
		r, err := newRoutine(db, file.Name, []workload.Statement{s}, workload.Acknowledged)
		if err != nil {
			return err
		}
		text, err := violation(r.steps[0], acknowledged)
		if err != nil {
			return atLine(file.Name, s.Line, err)
		}
		if text != "" {
			errs = append(errs, fmt.Sprintf("%s:%d: check: %s", file.Name, s.Line, text))
		}
	}
	if errs == nil {
		return nil
	}
	return fmt.Errorf("%s (after %d acknowledged runs)", strings.Join(errs, "; "), acknowledged)
}

// violation runs a query and says which row does not have two equal columns, or returns an empty
// text.
func violation(s step, acknowledged int) (text string, err error) {
	if n := s.stmt.ColumnCount(); n != 2 {
		return "", fmt.Errorf("a check with %s; give two, which must be equal, as "+
			"SELECT sum(n), :acknowledged FROM counter", format.Count(n, "column"))
	}
	for i := range s.parameters {
		s.stmt.BindInt64(i+1, int64(acknowledged))
	}
	defer s.stmt.Reset()
	rows := 0
	for {
		more, err := s.stmt.Step()
		if err != nil {
			return "", err
		}
		if !more {
			break
		}
		rows++
		got, want := columnValue(s.stmt, 0), columnValue(s.stmt, 1)
		if !got.equal(want) {
			return fmt.Sprintf("%s is %v, want %v", s.stmt.ColumnName(0), got, want), nil
		}
	}
	if rows == 0 {
		return "the query returns no row; it must return one or more", nil
	}
	return "", nil
}
