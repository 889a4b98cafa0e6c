package sqlitedb

import (
	"fmt"

	"zombiezen.com/go/sqlite/sqlitex"
)

// Execute runs a statement outside of [Conn.Transact] and [Conn.TransactSQL].
func (c *Conn) Execute(query string) error { return execute(c.db, query) }

// Int returns the whole number that a query returns.
func (c *Conn) Int(query string) (int64, error) {
	stmt, _, err := c.db.PrepareTransient(query)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", query, err)
	}
	defer stmt.Finalize()
	return sqlitex.ResultInt64(stmt)
}
