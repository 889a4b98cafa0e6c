package sqlitedb

import (
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// CompileOptions returns the options with which SQLite was compiled, such as "THREADSAFE=1"
// (https://www.sqlite.org/c3ref/compileoption_get.html). It opens no database.
func CompileOptions() (options []string) {
	tls := libc.NewTLS()
	defer tls.Close()
	for i := int32(0); ; i++ {
		option := lib.Xsqlite3_compileoption_get(tls, i)
		if option == 0 {
			return options
		}
		options = append(options, libc.GoString(option))
	}
}
