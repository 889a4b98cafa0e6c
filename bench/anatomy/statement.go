package anatomy

import (
	"strings"

	"busybench/bench/workload"
)

// Statement is the statement of an SQL file that met a lock error. The zero value is a statement of
// no file.
type Statement struct {
	workload.Place
	// AfterRead is true if the transaction had read a table before, or may have.
	AfterRead bool
}

// newStatement returns the statement at a line of a file. Line 0 is a statement of no file, such as
// the INSERT into the ledger's table after a whole section.
func newStatement(file *workload.Workload, line uint16) (s Statement) {
	if file == nil {
		return s
	}
	s.Place = file.Place(int(line))
	for _, section := range file.Write {
		read := false
		for _, statement := range section.Statements {
			if statement.Line == int(line) {
				s.AfterRead = read
			}
			read = read || readsTable(statement)
		}
		if line == 0 && read {
			s.AfterRead = true
		}
	}
	return s
}

// readsTable reports whether a statement reads a table without writing any, which begins a read
// transaction.
func readsTable(s workload.Statement) bool {
	return s.ReadsOnly && strings.HasPrefix(s.Name, "select ")
}
