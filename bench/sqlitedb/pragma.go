package sqlitedb

import (
	"fmt"
	"slices"
	"strconv"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/nearest"
	"busybench/bench/scenario"
)

// setPragmas sets pragmas of one connection and reads them back. SQLite ignores unknown ones, and
// values that it does not accept.
func setPragmas(db *sqlite.Conn, pragmas scenario.Pragmas) error {
	for name, value := range pragmas.All() {
		if _, err := pragma(db, name, value); err != nil {
			return fmt.Errorf("PRAGMA %s=%s: %w", name, value, err)
		}
		got, err := pragma(db, name, "")
		if err != nil {
			return fmt.Errorf("PRAGMA %s: %w", name, err)
		}
		if got == "" {
			return ignored(db, name)
		}
		if isNumber(value) && got != value {
			return fmt.Errorf("SQLite sets pragma.%s to %s, not to %s; give a value that it "+
				"accepts (https://www.sqlite.org/pragma.html#pragma_%s)", name, got, value, name)
		}
	}
	return nil
}

// isNumber reports whether a value is a whole number. Words are read back as numbers, such as 1
// for ON.
func isNumber(value string) bool {
	_, err := strconv.ParseInt(value, 10, 64)
	return err == nil
}

// ignored returns the error of a pragma that cannot be read back.
func ignored(db *sqlite.Conn, name string) error {
	names, err := pragmaNames(db)
	if err != nil {
		return err
	}
	if slices.Contains(names, name) {
		return fmt.Errorf("pragma.%s cannot be read back, so nothing shows that it had an effect; "+
			"give another one", name)
	}
	return fmt.Errorf("SQLite has no pragma %q%s", name, nearest.Question(name, names))
}

// pragmaNames returns the names of all pragmas.
func pragmaNames(db *sqlite.Conn) (names []string, err error) {
	err = sqlitex.ExecuteTransient(db, "PRAGMA pragma_list", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			names = append(names, stmt.ColumnText(0))
			return nil
		},
	})
	return names, err
}

// Pragma returns the value of a pragma.
func (c *Conn) Pragma(name string) (string, error) { return pragma(c.db, name, "") }
