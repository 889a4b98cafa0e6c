// Package sqlitedb is the database under test: it creates the file, connects to it as a
// scenario says, inserts, and audits what the file holds in the end. It is the only package
// that knows the driver, zombiezen.com/go/sqlite.
package sqlitedb

import "zombiezen.com/go/sqlite"

// Version is the version of SQLite itself, such as "3.54.1".
const Version = sqlite.Version

// Driver names the driver and the translation of SQLite beneath it, each with its version. A
// test binary carries no record of its modules, so the versions stand here, and a test holds
// them against go.mod.
const Driver = "zombiezen.com/go/sqlite v1.4.2, modernc.org/sqlite v1.61.1, modernc.org/libc v1.79.0"
