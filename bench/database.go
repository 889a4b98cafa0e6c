package bench

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// database is the fresh file of one round, with the ledger of what should be in it.
type database struct {
	dir    string // nothing but the file and what SQLite puts beside it
	path   string
	ledger sqlitedb.Ledger
}

// newDatabase makes the file, with the scenario's rows in it, on a disk that has nothing else to
// do. The rows' ids are those of a writer whose number no writer has.
func newDatabase(s scenario.Scenario, seed uint64) (database, error) {
	dir, err := os.MkdirTemp(given.work.Path, "round-")
	if err != nil {
		return database{}, err
	}
	db := database{dir, filepath.Join(dir, "messages.db"), sqlitedb.Ledger{}}
	err = sqlitedb.Create(db.path, s, func(yield func(uuid.UUID) bool) {
		ids := writer.NewIDs(seed, -1)
		for range s.Rows {
			id := ids.Next()
			db.ledger[id] = true
			if !yield(id) {
				return
			}
		}
	})
	if err == nil {
		err = host.Settle(db.dir)
	}
	if err != nil {
		db.remove()
	}
	return db, err
}

func (db database) remove() { os.RemoveAll(db.dir) }

// enter puts what the writers say into the ledger. An error names the attempts that ended
// neither acknowledged nor in a lock error.
func (db database) enter(round fleet.Round) error {
	var errs []error
	for number, report := range round.Reports {
		for i, o := range report.List {
			for _, id := range report.Rows(i) {
				db.ledger[id] = o.Acknowledged()
			}
			if !o.Acknowledged() && !o.LockError() {
				errs = append(errs, fmt.Errorf("writer %d: %s: %s: %s", number, o.Phase, o.Code, report.Messages[i]))
			}
		}
	}
	const few = 5
	if n := len(errs); n > few {
		errs = append(errs[:few], fmt.Errorf("and %d more such errors", n-few))
	}
	return errors.Join(errs...)
}

// audit holds the file against the ledger and returns the number of its rows.
func (db database) audit() (rows int, err error) {
	findings, err := sqlitedb.Audit(db.path, db.ledger)
	if err != nil {
		return 0, err
	}
	return findings.Rows, findings.Err()
}

// hot reports whether there is a rollback journal whose transaction is to be undone, or a write-ahead log to be taken over. SQLite marks
// a journal that has been dealt with by deleting it, cutting it to nothing, or overwriting its beginning with zeroes.
func (db database) hot() (bool, error) {
	for _, suffix := range []string{"-journal", "-wal"} {
		file, err := os.Open(db.path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		defer file.Close()
		first := make([]byte, 1)
		if n, err := file.Read(first); n == 1 && first[0] != 0 {
			return true, nil
		} else if err != nil && err != io.EOF {
			return false, err
		}
	}
	return false, nil
}
