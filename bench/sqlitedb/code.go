package sqlitedb

import "zombiezen.com/go/sqlite"

// Code is the extended SQLite result code (https://www.sqlite.org/rescode.html) behind err:
// 0 for nil, and SQLITE_ERROR for an error that did not come from SQLite.
func Code(err error) int { return int(sqlite.ErrCode(err)) }

// CodeName is the C name of a result code, such as "SQLITE_BUSY_SNAPSHOT".
func CodeName(code int) string { return sqlite.ResultCode(code).String() }

// IsLock reports whether a result code, extended or not, says that somebody else held a lock.
func IsLock(code int) bool {
	switch sqlite.ResultCode(code).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultProtocol:
		return true
	}
	return false
}
