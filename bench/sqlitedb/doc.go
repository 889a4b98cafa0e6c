// Package sqlitedb is the database under test. It creates the file, connects to it with a
// scenario's settings, inserts rows, and audits what the file holds at the end. It is the only
// package that uses the SQLite driver, zombiezen.com/go/sqlite.
package sqlitedb

import "zombiezen.com/go/sqlite"

// Version is the version of SQLite itself, such as "3.54.1".
const Version = sqlite.Version

// Driver names the driver and the translation of SQLite to Go below it, each with its version. A
// test binary has no record of its modules, so the versions are written here, and a test compares
// them with go.mod.
const Driver = "zombiezen.com/go/sqlite v1.4.2, " +
	"modernc.org/sqlite v1.61.1, modernc.org/libc v1.79.0"
