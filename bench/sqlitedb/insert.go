package sqlitedb

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
)

// idLength is the length of a UUID's text form (RFC 9562, section 4), with which msg begins.
const idLength = 36

// inserter is a prepared INSERT of a number of rows, with the text that follows each row's id.
type inserter struct {
	stmt    *sqlite.Stmt
	payload string
}

// newInserter prepares an INSERT of a number of rows. The first value is an SQL expression, and
// end is appended to the statement.
func newInserter(
	db *sqlite.Conn, first string, rows int, end string, payload int,
) (inserter, error) {
	var values strings.Builder
	fmt.Fprintf(&values, "(%s)", first)
	for row := 2; row <= rows; row++ {
		fmt.Fprintf(&values, ",(?%d)", row)
	}
	stmt, err := db.Prepare("INSERT INTO messages(msg) VALUES " + values.String() + end)
	if err != nil {
		// The driver's text repeats the statement, 280 kB for the largest batch. The error that it
		// wraps does not.
		if cause := errors.Unwrap(err); cause != nil {
			err = cause
		}
		return inserter{}, fmt.Errorf("prepare an INSERT of %d rows: %w", rows, err)
	}
	return inserter{stmt, strings.Repeat("x", payload)}, nil
}

// insert runs the statement. In autocommit mode that is a whole transaction.
func (in inserter) insert(ids ...uuid.UUID) error {
	for i, id := range ids {
		in.stmt.BindText(1+i, id.String()+in.payload)
	}
	return stepAll(in.stmt)
}

// stepAll runs a statement to its end and ignores its rows.
func stepAll(stmt *sqlite.Stmt) error {
	for {
		// A Step that fails also resets the statement.
		if more, err := stmt.Step(); err != nil {
			return err
		} else if !more {
			return stmt.Reset()
		}
	}
}
