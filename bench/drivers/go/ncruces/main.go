// Ncruces is a writer for github.com/ncruces/go-sqlite3, SQLite by way of WebAssembly.
package main

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver" // registers itself

	"busybench/bench/drivers/go/sqlwriter"
)

func main() {
	sqlwriter.Main(sqlwriter.Driver{
		Name: "sqlite3", Module: "github.com/ncruces/go-sqlite3",
		DSN: func(path string, timeout int64, begin string) string {
			return fmt.Sprintf("file:%s?mode=rw&_pragma=busy_timeout(%d)&_txlock=%s",
				(&url.URL{Path: path}).EscapedPath(), timeout, begin)
		},
		Code: resultCode,
	})
}

// resultCode returns the code of an error, which has one of three types.
func resultCode(err error) (code int, ok bool) {
	var whole *sqlite3.Error
	var extended sqlite3.ExtendedErrorCode
	var primary sqlite3.ErrorCode
	switch {
	case errors.As(err, &whole):
		return int(whole.ExtendedCode()), true
	case errors.As(err, &extended):
		return int(extended), true
	case errors.As(err, &primary):
		return int(primary), true
	}
	return 0, false
}
