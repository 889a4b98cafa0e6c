package sqlitedb

import (
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Complete reports whether a text ends with the end of an SQL statement
// (https://www.sqlite.org/c3ref/complete.html). It needs no connection and checks no syntax.
func Complete(sql string) bool {
	tls := libc.NewTLS()
	defer tls.Close()
	text, err := libc.CString(sql)
	if err != nil {
		return false // no memory, so that the text is rejected
	}
	defer libc.Xfree(tls, text)
	return lib.Xsqlite3_complete(tls, text) == 1
}
