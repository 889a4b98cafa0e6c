package sqlitedb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/workload"
)

// CheckFile runs all sections of an SQL file once or twice, in memory. It gives the statements of
// the file their names. An error names the file and the line, and says what would be right.
func CheckFile(file *workload.Workload) error {
	db, err := sqlite.OpenConn(":memory:", sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := execute(db, schema); err != nil {
		return err
	}
	c := checker{db: db, file: file}
	if err := db.SetAuthorizer(sqlite.AuthorizeFunc(c.note)); err != nil {
		return err
	}
	if err := c.checkAll(); err != nil {
		return err
	}
	return db.SetAuthorizer(nil)
}

// checker checks an SQL file.
type checker struct {
	db      *sqlite.Conn
	file    *workload.Workload
	actions []sqlite.Action // of the statement that is being prepared
}

// note records what a statement does.
func (c *checker) note(a sqlite.Action) sqlite.AuthResult {
	c.actions = append(c.actions, a)
	return sqlite.AuthResultOK
}

func (c *checker) checkAll() error {
	for _, plain := range [][]workload.Statement{c.file.Connect, c.file.Setup} {
		for i := range plain {
			if err := c.inspect(&plain[i]); err != nil {
				return err
			}
			if err := runStatements(c.db, c.file.Name, plain[i:i+1]); err != nil {
				return err
			}
		}
	}
	for i := range c.file.Write {
		if err := c.checkWrite(i); err != nil {
			return err
		}
	}
	if err := c.checkReads(c.file.Read, "-- read"); err != nil {
		return err
	}
	if err := c.checkReads(c.file.Check, "-- check"); err != nil {
		return err
	}
	return c.checkChecks()
}

// inspect prepares a statement, names it, and rejects it if it does what no section may do.
func (c *checker) inspect(s *workload.Statement) error {
	c.actions = nil
	stmt, _, err := c.db.PrepareTransient(s.SQL)
	if err != nil {
		return syntaxError(c.file.Name, *s, err)
	}
	defer stmt.Finalize()
	s.Name, s.ReadsOnly = name(c.actions), readsOnly(c.actions)
	s.Parameters = nil
	for i := range stmt.BindParamCount() {
		s.Parameters = append(s.Parameters, stmt.BindParamName(i+1))
	}
	for _, a := range c.actions {
		if problem := problem(a); problem != "" {
			return atLine(c.file.Name, s.Line, errors.New(problem))
		}
	}
	return nil
}

// sectionRuns is how often each -- write section is run to be checked. The second run finds
// constraints that any further one violates.
const sectionRuns = 2

// checkWrite runs a -- write section.
func (c *checker) checkWrite(section int) error {
	statements := c.file.Write[section].Statements
	for i := range statements {
		if err := c.inspect(&statements[i]); err != nil {
			return err
		}
	}
	r, err := newRoutine(c.db, c.file.Name, statements, sectionKinds...)
	if err != nil {
		return err
	}
	for n := range sectionRuns {
		if err := c.run(r, arguments{id: uuid.New(), number: n}); err != nil {
			return err
		}
	}
	return nil
}

// run runs a section in a transaction. One with an id also has a row in the ledger.
func (c *checker) run(r *routine, a arguments) error {
	if err := execute(c.db, "BEGIN"); err != nil {
		return err
	}
	source, values := workload.NewSource(), make([]value, r.slots)
	for i := range r.steps {
		if err := r.steps[i].execute(source, a, values); err != nil {
			return atLine(c.file.Name, r.steps[i].Line, err)
		}
	}
	if a.id != uuid.Nil {
		insert := fmt.Sprintf("INSERT INTO %s(msg) VALUES ('%v')", ledgerTable, a.id)
		if err := execute(c.db, insert); err != nil {
			return err
		}
	}
	return execute(c.db, "COMMIT")
}

// checkReads runs a section that must not write.
func (c *checker) checkReads(statements []workload.Statement, section string) error {
	for i := range statements {
		s := &statements[i]
		if err := c.inspect(s); err != nil {
			return err
		}
		if !s.ReadsOnly {
			return atLine(c.file.Name, s.Line, fmt.Errorf("%s in %s; give a SELECT",
				s.Name, section))
		}
		if section == "-- check" {
			if err := c.rejectVarying(s.Line); err != nil {
				return err
			}
		}
	}
	if section == "-- check" {
		return nil // see checkChecks
	}
	r, err := newRoutine(c.db, c.file.Name, statements, readKinds...)
	if err != nil {
		return err
	}
	return c.run(r, arguments{})
}

// checkChecks requires that the -- check sections hold after what was run here.
func (c *checker) checkChecks() error {
	return runChecks(c.db, c.file, sectionRuns*len(c.file.Write))
}

// varying are SQLite's functions whose result depends on the time, the connection or chance.
var varying = []string{
	"random", "randomblob", "changes", "total_changes", "last_insert_rowid", "current_timestamp",
	"current_date", "current_time", "date", "time", "datetime", "julianday", "unixepoch",
	"strftime", "timediff",
}

// rejectVarying rejects the statement that was inspected last if it calls one of the functions of
// [varying], itself or in a view: only what is in the file may decide a check.
func (c *checker) rejectVarying(line int) error {
	for _, a := range c.actions {
		if a.Type() != sqlite.OpFunction {
			continue
		}
		if name := functionName(a); slices.Contains(varying, strings.ToLower(name)) {
			return atLine(c.file.Name, line, fmt.Errorf("%s() may return another result at "+
				"another time; check what is in the file", name))
		}
	}
	return nil
}

// ownAxis says what sets a pragma that has an axis.
var ownAxis = map[string]string{
	"journal_mode": "journal", "synchronous": "sync", "busy_timeout": "busy",
	"wal_autocheckpoint": "checkpoint", "wal_checkpoint": "checkpoint",
}

// problem says what is wrong with an action that no section may do, or returns an empty text.
func problem(a sqlite.Action) string {
	switch a.Type() {
	case sqlite.OpTransaction:
		return a.Operation() + " in a section; leave it out: the axis txn says how the " +
			"transaction of a section begins"
	case sqlite.OpSavepoint:
		return "a savepoint in a section; leave it out: a section is one transaction"
	case sqlite.OpAttach, sqlite.OpDetach:
		return "a section uses another file, which would not be audited; leave it out"
	case sqlite.OpPragma:
		if axis := ownAxis[strings.ToLower(a.Pragma())]; axis != "" {
			return fmt.Sprintf("PRAGMA %s in the file; leave it out, and give the axis %s",
				a.Pragma(), axis)
		}
	case sqlite.OpRead, sqlite.OpSelect:
	default:
		if strings.EqualFold(a.Table(), ledgerTable) && a.Database() != "temp" {
			return ledgerTable + " is the table of the ledger, which only busybench changes; " +
				"name yours otherwise"
		}
	}
	return ""
}

// verbs are what statements do.
var verbs = map[sqlite.OpType]string{
	sqlite.OpInsert: "insert", sqlite.OpUpdate: "update", sqlite.OpDelete: "delete",
	sqlite.OpRead: "select",
}

// readsOnly reports whether a statement with these actions only reads.
func readsOnly(actions []sqlite.Action) bool {
	for _, a := range actions {
		switch a.Type() {
		case sqlite.OpSelect, sqlite.OpRead, sqlite.OpFunction, sqlite.OpRecursive:
		default:
			return false
		}
	}
	return true
}

// name returns what a statement does, such as "insert orders": the first change of a table outside
// of a trigger, or the first table that is read if there is none.
func name(actions []sqlite.Action) string {
	for _, reads := range []bool{false, true} {
		for _, a := range actions {
			verb, ok := verbs[a.Type()]
			if ok && (verb == "select") == reads && a.Accessor() == "" && a.Table() != "" &&
				!strings.HasPrefix(a.Table(), "sqlite_") {
				return verb + " " + plainName(a.Table())
			}
		}
	}
	for _, a := range actions {
		if a.Type() == sqlite.OpPragma {
			return "pragma " + a.Pragma()
		}
	}
	if readsOnly(actions) {
		return "select"
	}
	return "statement"
}

// plainName returns the name of a table with "?" for all characters except letters, digits and _.
// Comments with the name are parsed again.
func plainName(table string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return '?'
	}, table)
}
