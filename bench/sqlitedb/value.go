package sqlitedb

import (
	"fmt"
	"strconv"

	"zombiezen.com/go/sqlite"
)

// value is a value of SQLite. The zero value is NULL.
type value struct {
	kind  sqlite.ColumnType
	int   int64
	float float64
	text  string // or the bytes of a blob
}

// columnValue returns the value of a column of a statement's current row.
func columnValue(stmt *sqlite.Stmt, column int) value {
	v := value{kind: stmt.ColumnType(column)}
	switch v.kind {
	case sqlite.TypeInteger:
		v.int = stmt.ColumnInt64(column)
	case sqlite.TypeFloat:
		v.float = stmt.ColumnFloat(column)
	case sqlite.TypeText:
		v.text = stmt.ColumnText(column)
	case sqlite.TypeBlob:
		bytes := make([]byte, stmt.ColumnLen(column))
		stmt.ColumnBytes(column, bytes)
		v.text = string(bytes)
	}
	return v
}

// bind sets a parameter of a statement.
func (v value) bind(stmt *sqlite.Stmt, parameter int) {
	switch v.kind {
	case sqlite.TypeInteger:
		stmt.BindInt64(parameter, v.int)
	case sqlite.TypeFloat:
		stmt.BindFloat(parameter, v.float)
	case sqlite.TypeText:
		stmt.BindText(parameter, v.text)
	case sqlite.TypeBlob:
		stmt.BindBytes(parameter, []byte(v.text))
	default:
		stmt.BindNull(parameter)
	}
}

// equal reports whether two values are the same. A whole number equals a fraction of its value.
func (v value) equal(other value) bool {
	if v.isNumber() && other.isNumber() && v.kind != other.kind {
		return v.number() == other.number()
	}
	return v == other
}

func (v value) isNumber() bool { return v.kind == sqlite.TypeInteger || v.kind == sqlite.TypeFloat }

func (v value) number() float64 {
	if v.kind == sqlite.TypeInteger {
		return float64(v.int)
	}
	return v.float
}

// String returns the value for a message, shortened.
func (v value) String() string {
	const shown = 60
	switch v.kind {
	case sqlite.TypeInteger:
		return strconv.FormatInt(v.int, 10)
	case sqlite.TypeFloat:
		return strconv.FormatFloat(v.float, 'g', -1, 64)
	case sqlite.TypeText:
		return fmt.Sprintf("%.*q", shown, v.text)
	case sqlite.TypeBlob:
		return fmt.Sprintf("a blob of %d bytes", len(v.text))
	}
	return "NULL"
}
