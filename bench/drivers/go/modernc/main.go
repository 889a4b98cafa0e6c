// Modernc is a writer for modernc.org/sqlite, a translation of SQLite to Go.
package main

import (
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"

	"busybench/bench/drivers/go/sqlwriter"
)

func main() {
	sqlwriter.Main(sqlwriter.Driver{
		Name: "sqlite", Module: "modernc.org/sqlite", Sync: "fsync",
		SharedCache: true,
		DSN: func(path string, timeout int64, begin string) string {
			return fmt.Sprintf("file:%s?mode=rw&_pragma=busy_timeout(%d)&_txlock=%s",
				(&url.URL{Path: path}).EscapedPath(), timeout, begin)
		},
		Code: func(err error) (code int, ok bool) {
			var e *sqlite.Error
			if ok = errors.As(err, &e); ok {
				code = e.Code()
			}
			return code, ok
		},
	})
}
