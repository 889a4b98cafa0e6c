package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
	"busybench/bench/writer"
)

// database is the fresh file of one round, with the ledger of what should be in it.
type database struct {
	dir    string // holds only the file and what SQLite puts beside it
	path   string
	ledger sqlitedb.Ledger
}

// databaseName is the name of the file in its directory.
const databaseName = "messages.db"

// What a row needs at most: in the ledger and the audit of this process, where a million rows took
// 193 MiB, and in the file beside its payload, where a row has an id of 36 bytes, a time and the
// overhead of its pages.
const (
	ledgerBytesPerRow = 220
	fileBytesPerRow   = 80
)

// checkRows returns an error unless the rows that a scenario starts with fit into memory and on the
// disk of a directory. It is called once for a benchmark rather than for each round: reading /proc
// just before a round made the attempt of a lone writer some percent slower.
func checkRows(s scenario.Scenario, dir string) error {
	memory, err := host.FreeMemory()
	if err != nil {
		return fmt.Errorf("measure free memory: %w", err)
	}
	disk, err := host.FreeDisk(dir)
	if err != nil {
		return fmt.Errorf("measure free disk space: %w", err)
	}
	return rowsFit(s, memory, disk)
}

func rowsFit(s scenario.Scenario, memory, disk host.Capacity) error {
	rows := int64(s.Rows)
	perRow := int64(fileBytesPerRow + s.Payload)
	if s.File == scenario.AbandonedFile {
		perRow += logBytesPerRow(s.Payload)
	}
	for _, c := range []struct {
		need     int64
		resource string
		host.Capacity
	}{
		{rows * ledgerBytesPerRow, "memory", memory},
		{rows * perRow, "disk space", disk},
	} {
		if c.need > c.Free {
			return fmt.Errorf(
				"rows=%d payload=%d need about %d MiB of %s, but %s leaves %d MiB: lower rows",
				s.Rows, s.Payload, c.need>>20, c.resource, c.Limit, c.Free>>20)
		}
	}
	return nil
}

// newDatabase creates the file below dir, with the scenario's rows in it, on a disk that is
// otherwise idle. The rows' ids are those of a writer whose number no writer has.
func newDatabase(dir string, s scenario.Scenario, seed uint64) (db database, err error) {
	return newDatabaseFor(nil, dir, s, seed)
}

// newDatabaseFor is newDatabase for an SQL file, unless it is nil.
func newDatabaseFor(
	file *workload.Workload, dir string, s scenario.Scenario, seed uint64,
) (db database, err error) {
	if db, err = createDatabase(file, dir, s, seed); err != nil {
		return db, err
	}
	if err = host.SyncFS(db.dir); err != nil {
		db.remove()
	}
	return db, err
}

// createDatabase is newDatabaseFor on a disk that may be busy afterwards.
func createDatabase(
	file *workload.Workload, dir string, s scenario.Scenario, seed uint64,
) (db database, err error) {
	if file != nil {
		defer showSlowly("setup of " + file.Name)()
	}
	if dir, err = os.MkdirTemp(dir, "round-"); err != nil {
		return database{}, err
	}
	db = database{dir, filepath.Join(dir, databaseName), sqlitedb.Ledger{}}
	err = sqlitedb.CreateFor(file, db.path, s, func(yield func(uuid.UUID) bool) {
		ids := writer.NewIDs(seed, -1)
		for range s.Rows {
			id := ids.Next()
			db.ledger[id] = true
			if !yield(id) {
				return
			}
		}
	})
	if err != nil {
		db.remove()
	}
	return db, err
}

func (db database) remove() { os.RemoveAll(db.dir) }

// record enters the outcomes of a round into the ledger. An error names the attempts that ended
// neither acknowledged nor in a lock error. A backup may also end with the round.
func (db database) record(r outcome.Round) error {
	var errs []error
	for by, series := range r.All() {
		for i, o := range series.Outcomes {
			for _, id := range series.Rows(i) {
				db.ledger[id] = o.Acknowledged()
			}
			if !o.Acknowledged() && !o.LockError() && o.Code != outcome.Interrupt {
				errs = append(errs, fmt.Errorf("%v: %s: %s: %s",
					by, o.Phase, o.Code, series.Messages[i]))
			}
		}
	}
	const shown = 5
	if n := len(errs); n > shown {
		errs = append(errs[:shown], fmt.Errorf("and %d more such errors", n-shown))
	}
	return errors.Join(errs...)
}

// audit compares the file with the ledger and returns the number of its rows.
func (db database) audit() (rows int, err error) {
	findings, err := sqlitedb.Audit(db.path, db.ledger)
	if err != nil {
		return 0, err
	}
	return findings.Rows, findings.Err()
}

// runOn makes a round on a database and records it.
func runOn(f *fleet.Fleet, db database, p fleet.Plan) (fleet.Round, error) {
	p.Task.Database = db.path
	round, err := f.Round(p)
	if err != nil {
		return round, err
	}
	for number, w := range round.Writers {
		if n := len(w.Outcomes); p.Mode != outcome.Sustained && n != 1 {
			return round, fmt.Errorf("writer %d made %d attempts, not 1", number, n)
		}
	}
	return round, db.record(round.Round)
}
