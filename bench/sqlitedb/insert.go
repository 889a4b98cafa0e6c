package sqlitedb

import (
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
)

// idLength is the length of a UUID's text form (RFC 9562, section 4), with which msg begins.
const idLength = 36

// inserter is the prepared INSERT of a connection, with the text that follows each row's id.
type inserter struct {
	stmt    *sqlite.Stmt
	payload string
}

func newInserter(db *sqlite.Conn, payload int) (inserter, error) {
	stmt, err := db.Prepare("INSERT INTO messages(msg) VALUES (?1)")
	return inserter{stmt, strings.Repeat("x", payload)}, err
}

// insert runs the statement to its end: in autocommit mode, a whole transaction.
func (in inserter) insert(id uuid.UUID) error {
	in.stmt.BindText(1, id.String()+in.payload)
	// Where Step fails it has reset the statement by itself.
	if _, err := in.stmt.Step(); err != nil {
		return err
	}
	return in.stmt.Reset()
}
