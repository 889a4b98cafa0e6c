package writer

import (
	"sync"

	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// pools holds the connection pools of this process by database. All writers of a database share one
// pool. The first writer opens it and the last one closes it.
var pools = struct {
	sync.Mutex
	open map[string]*sharedPool
}{open: map[string]*sharedPool{}}

type sharedPool struct {
	*sqlitedb.Pool
	users int
}

func joinPool(database string, s scenario.Scenario) (*sqlitedb.Pool, error) {
	pools.Lock()
	defer pools.Unlock()
	shared := pools.open[database]
	if shared == nil {
		pool, err := sqlitedb.OpenPool(database, s)
		if err != nil {
			return nil, err
		}
		shared = &sharedPool{Pool: pool}
		pools.open[database] = shared
	}
	shared.users++
	return shared.Pool, nil
}

func leavePool(database string) error {
	pools.Lock()
	defer pools.Unlock()
	shared := pools.open[database]
	if shared.users--; shared.users > 0 {
		return nil
	}
	delete(pools.open, database)
	return shared.Close()
}
