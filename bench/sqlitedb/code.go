package sqlitedb

import "zombiezen.com/go/sqlite"

// Code is an extended SQLite result code (https://www.sqlite.org/rescode.html), 0 for success.
type Code int32

// The codes of lock errors.
const (
	Busy              = Code(sqlite.ResultBusy)
	BusyRecovery      = Code(sqlite.ResultBusyRecovery)
	BusySnapshot      = Code(sqlite.ResultBusySnapshot)
	BusyTimeout       = Busy | 3<<8 // SQLITE_BUSY_TIMEOUT, which the driver has no name for
	Locked            = Code(sqlite.ResultLocked)
	LockedSharedCache = Code(sqlite.ResultLockedSharedCache)
	LockedVTab        = Locked | 2<<8 // SQLITE_LOCKED_VTAB, likewise
	Protocol          = Code(sqlite.ResultProtocol)

	// QueueTimeout is the code of an attempt that gave up in a queue before SQLite was asked
	// anything. It is none of SQLite's, which are not negative.
	QueueTimeout Code = -1
)

// CodeOf is the code behind err: 0 for nil, and SQLITE_ERROR for an error that did not come from
// SQLite.
func CodeOf(err error) Code { return Code(sqlite.ErrCode(err)) }

// String is the C name of a code, such as "SQLITE_BUSY_SNAPSHOT".
func (c Code) String() string {
	switch c {
	case QueueTimeout:
		return "QUEUE_TIMEOUT"
	case BusyTimeout:
		return "SQLITE_BUSY_TIMEOUT"
	case LockedVTab:
		return "SQLITE_LOCKED_VTAB"
	}
	return sqlite.ResultCode(c).String()
}

// Primary is the code without its extension, such as [Busy] for [BusySnapshot].
func (c Code) Primary() Code {
	if c == QueueTimeout {
		return c
	}
	return Code(sqlite.ResultCode(c).ToPrimary())
}

// IsLock reports whether the code says that somebody else held a lock, or the place in the queue.
func (c Code) IsLock() bool {
	switch c.Primary() {
	case Busy, Locked, Protocol, QueueTimeout:
		return true
	}
	return false
}
