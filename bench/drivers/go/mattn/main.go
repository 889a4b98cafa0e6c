// Mattn is a writer for github.com/mattn/go-sqlite3, SQLite in C by way of cgo.
package main

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/mattn/go-sqlite3"

	"busybench/bench/drivers/go/sqlwriter"
)

func main() {
	sqlwriter.Main(sqlwriter.Driver{
		Name: "sqlite3", Module: "github.com/mattn/go-sqlite3", SharedCache: true,
		DSN: func(path string, timeout int64, begin string) string {
			return fmt.Sprintf("file:%s?mode=rw&_busy_timeout=%d&_txlock=%s",
				(&url.URL{Path: path}).EscapedPath(), timeout, begin)
		},
		Code: func(err error) (code int, ok bool) {
			var e sqlite3.Error
			ok = errors.As(err, &e)
			return max(int(e.Code), int(e.ExtendedCode)), ok
		},
	})
}
