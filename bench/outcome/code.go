package outcome

import "fmt"

// Code is an extended SQLite result code (https://www.sqlite.org/rescode.html), 0 for success.
type Code int32

// The result codes of lock errors.
const (
	Busy              Code = 5
	BusyRecovery           = Busy | 1<<8
	BusySnapshot           = Busy | 2<<8
	BusyTimeout            = Busy | 3<<8
	Locked            Code = 6
	LockedSharedCache      = Locked | 1<<8
	LockedVTab             = Locked | 2<<8
	Protocol          Code = 15

	// Interrupt is the code of a backup that the round outlasted. It is no lock error.
	Interrupt Code = 9

	// QueueTimeout is the code of an attempt that timed out in a queue outside of SQLite. It is not
	// one of SQLite's codes, which are never negative.
	QueueTimeout Code = -1
)

// primaryNames are the names of the primary codes from 0, without their prefix "SQLITE_".
var primaryNames = []string{
	"OK", "ERROR", "INTERNAL", "PERM", "ABORT", "BUSY", "LOCKED", "NOMEM", "READONLY", "INTERRUPT",
	"IOERR", "CORRUPT", "NOTFOUND", "FULL", "CANTOPEN", "PROTOCOL", "EMPTY", "SCHEMA", "TOOBIG",
	"CONSTRAINT", "MISMATCH", "MISUSE", "NOLFS", "AUTH", "FORMAT", "RANGE", "NOTADB", "NOTICE",
	"WARNING",
}

// extensions are the suffixes that extended codes add to the names of primary codes, by primary
// code. The second byte of an extended code is the position of its suffix, from 1. Codes that
// SQLite does not define have an empty suffix.
var extensions = map[Code][]string{
	1: {"MISSING_COLLSEQ", "RETRY", "SNAPSHOT"},
	4: {"", "ROLLBACK"},
	5: {"RECOVERY", "SNAPSHOT", "TIMEOUT"},
	6: {"SHAREDCACHE", "VTAB"},
	8: {"RECOVERY", "CANTLOCK", "ROLLBACK", "DBMOVED", "CANTINIT", "DIRECTORY"},
	10: {
		"READ", "SHORT_READ", "WRITE", "FSYNC", "DIR_FSYNC", "TRUNCATE", "FSTAT", "UNLOCK",
		"RDLOCK", "DELETE", "BLOCKED", "NOMEM", "ACCESS", "CHECKRESERVEDLOCK", "LOCK", "CLOSE",
		"DIR_CLOSE",
		"SHMOPEN", "SHMSIZE", "SHMLOCK", "SHMMAP", "SEEK", "DELETE_NOENT", "MMAP", "GETTEMPPATH",
		"CONVPATH", "VNODE", "AUTH", "BEGIN_ATOMIC", "COMMIT_ATOMIC", "ROLLBACK_ATOMIC", "DATA",
		"CORRUPTFS", "IN_PAGE",
	},
	11: {"VTAB", "SEQUENCE", "INDEX"},
	14: {"NOTEMPDIR", "ISDIR", "FULLPATH", "CONVPATH", "DIRTYWAL", "SYMLINK"},
	19: {
		"CHECK", "COMMITHOOK", "FOREIGNKEY", "FUNCTION", "NOTNULL", "PRIMARYKEY", "TRIGGER",
		"UNIQUE", "VTAB", "ROWID", "PINNED", "DATATYPE",
	},
	23: {"USER"},
	27: {"RECOVER_WAL", "RECOVER_ROLLBACK"},
	28: {"AUTOINDEX"},
}

// String returns the C name of a code, such as "SQLITE_BUSY_SNAPSHOT".
func (c Code) String() string {
	if c == QueueTimeout {
		return "QUEUE_TIMEOUT"
	}
	primary, extension := c.Primary(), int(c>>8)
	if c < 0 || int(primary) >= len(primaryNames) {
		return fmt.Sprintf("SQLITE_UNKNOWN(%d)", int32(c))
	}
	name := "SQLITE_" + primaryNames[primary]
	if extension == 0 {
		return name
	}
	if names := extensions[primary]; extension <= len(names) && names[extension-1] != "" {
		return name + "_" + names[extension-1]
	}
	return fmt.Sprintf("%s(%d)", name, int32(c))
}

// Primary returns the code without its extension, such as [Busy] for [BusySnapshot].
func (c Code) Primary() Code {
	if c == QueueTimeout {
		return c
	}
	return c & 0xff
}

// IsLock reports whether the code means that another connection held a lock or that the queue timed
// out.
func (c Code) IsLock() bool {
	switch c.Primary() {
	case Busy, Locked, Protocol, QueueTimeout:
		return true
	}
	return false
}
