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
	rows    int
	payload string
}

// insertSQL returns an INSERT of a row, or of a batch of more rows. ?1 is the first msg, ?2 a JSON
// array with the ids of the rest, and ?3 the text that follows each of them. The statement is as
// long for any batch, because SQLite needs quadratic time to parse a list of VALUES.
func insertSQL(f form, rows int) string {
	query := "INSERT INTO messages(msg) VALUES (" + f.value + ")"
	if rows > 1 {
		query += " UNION ALL SELECT value || ?3 FROM json_each(?2)"
	}
	return query + f.end
}

// newInserter prepares an INSERT of a number of rows.
func newInserter(db *sqlite.Conn, f form, rows, payload int) (inserter, error) {
	stmt, err := db.Prepare(insertSQL(f, rows))
	if err != nil {
		// The driver's text repeats the statement. The error that it wraps does not.
		if cause := errors.Unwrap(err); cause != nil {
			err = cause
		}
		return inserter{}, fmt.Errorf("prepare an INSERT of %d rows: %w", rows, err)
	}
	return inserter{stmt, rows, strings.Repeat("x", payload)}, nil
}

// insert runs the statement. In autocommit mode that is a whole transaction.
func (in inserter) insert(ids ...uuid.UUID) error {
	in.stmt.BindText(1, ids[0].String()+in.payload)
	if in.rows > 1 {
		in.stmt.BindText(2, jsonArray(ids[1:]))
		in.stmt.BindText(3, in.payload)
	}
	return stepAll(in.stmt)
}

// jsonArray returns ids as a JSON array of strings.
func jsonArray(ids []uuid.UUID) string {
	text := make([]byte, 0, len("[]")+len(ids)*(idLength+len(`"",`)))
	text = append(text, '[')
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, '"')
		text = append(text, id.String()...)
		text = append(text, '"')
	}
	return string(append(text, ']'))
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
