package writer

import (
	"strings"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// Driver describes the driver of this package's writers.
func Driver() protocol.Driver {
	name, version, _ := strings.Cut(sqlitedb.Driver, " ")
	return protocol.Driver{
		Name: name, Version: version, SQLite: sqlitedb.Version,
		CompileOptions: sqlitedb.CompileOptions(), Sync: "fsync",
		Capabilities: protocol.Capabilities{
			Roles: []outcome.Role{
				outcome.Writer, outcome.Reader, outcome.Checkpointer, outcome.Intruder,
			},
			Exec: []string{scenario.Process, scenario.Goroutine},
			Busy: []string{
				scenario.None, scenario.Timeout, scenario.Poll, scenario.Block, scenario.Retry,
				scenario.Queue, scenario.Lease,
			},
			Txn: []string{
				scenario.Auto, scenario.Deferred, scenario.Immediate, scenario.Exclusive,
				scenario.Upgrade,
			},
			Conn: []string{
				scenario.Fresh, scenario.Held, scenario.Pool, scenario.Mutex, scenario.GroupWrite,
			},
			Queue: []string{scenario.AtConnection, scenario.AtTransaction},
			Hold:  true, Rate: true, Pragmas: true, Checkpoint: true, RetryRange: true,
			Stream:    true,
			ColdStart: true, SQL: true, LockInstants: true, SharedCache: true,
		},
	}
}
