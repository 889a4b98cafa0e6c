package sqlitedb

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Ledger records what the writers reported: it has the id of every row that they tried to insert,
// with true if SQLite acknowledged it and false if the writer got an error.
type Ledger map[uuid.UUID]bool

// Findings are the result of an audit. Without a violation all lists are empty.
type Findings struct {
	Rows             int      // in the file
	Lost             []string // acknowledged but not in the file
	Duplicated       []string // in the file more than once
	Rejected         []string // in the file although the writer got an error
	Unexpected       []string // in the file although no writer sent it
	Torn             []string // of a transaction in flight that is in the file in part
	CommittedUnacked int      // transactions in flight that are in the file in full
	Integrity        []string // what PRAGMA integrity_check reports other than "ok"
}

// Audit compares the file with the ledger. No writer may be running. The transactions in flight are
// those that killed writers had not reported yet. Each must be in the file in full or not at all.
// An error means that the file could not be read, which is worse than any finding.
func Audit(path string, ledger Ledger, inFlight ...[]uuid.UUID) (Findings, error) {
	return audit(path, ledger, inFlight, "full")
}

// AuditCopy is [Audit] for a file that is not kept: what SQLite recovers is not synced.
func AuditCopy(path string, ledger Ledger, inFlight ...[]uuid.UUID) (Findings, error) {
	return audit(path, ledger, inFlight, "off")
}

func audit(
	path string, ledger Ledger, inFlight [][]uuid.UUID, synchronous string,
) (f Findings, err error) {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return f, fmt.Errorf("audit: %w", err)
	}
	defer db.Close()
	db.SetBusyTimeout(setupTimeout)
	if _, err := pragma(db, "synchronous", synchronous); err != nil {
		return f, fmt.Errorf("audit %s: synchronous: %w", path, err)
	}
	if f.Integrity, err = checkIntegrity(db); err != nil {
		return f, fmt.Errorf("audit %s: integrity_check: %w", path, err)
	}
	optional := map[uuid.UUID]bool{}
	for _, transaction := range inFlight {
		for _, id := range transaction {
			optional[id] = true
		}
	}
	seen, err := f.checkRows(db, ledger, optional)
	if err != nil {
		return f, fmt.Errorf("audit %s: %w", path, err)
	}
	for id, acknowledged := range ledger {
		if acknowledged && seen[id] == 0 {
			f.Lost = append(f.Lost, id.String())
		}
	}
	for _, transaction := range inFlight {
		f.checkInFlight(transaction, seen)
	}
	return f, nil
}

// checkIntegrity returns the lines of PRAGMA integrity_check other than "ok".
func checkIntegrity(db *sqlite.Conn) (lines []string, err error) {
	err = sqlitex.ExecuteTransient(db, "PRAGMA integrity_check", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			if line := stmt.ColumnText(0); line != "ok" {
				lines = append(lines, line)
			}
			return nil
		},
	})
	return lines, err
}

// checkRows reads the table, records each row that must not be there, and counts how often each id
// is in it. Optional ids may be in the file or not.
func (f *Findings) checkRows(
	db *sqlite.Conn, ledger Ledger, optional map[uuid.UUID]bool,
) (seen map[uuid.UUID]int, err error) {
	seen = make(map[uuid.UUID]int, len(ledger))
	query := fmt.Sprintf("SELECT substr(msg, 1, %d) FROM messages", idLength)
	err = sqlitex.ExecuteTransient(db, query, &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			text := stmt.ColumnText(0)
			id, err := uuid.Parse(text)
			acknowledged, sent := ledger[id]
			f.Rows++
			switch seen[id]++; {
			case err != nil || !sent && !optional[id]:
				f.Unexpected = append(f.Unexpected, text)
			case seen[id] == 2:
				f.Duplicated = append(f.Duplicated, text)
			case !acknowledged && !optional[id] && seen[id] == 1:
				f.Rejected = append(f.Rejected, text)
			}
			return nil
		},
	})
	return seen, err
}

// checkInFlight records whether a transaction in flight is in the file in full or in part.
func (f *Findings) checkInFlight(transaction []uuid.UUID, seen map[uuid.UUID]int) {
	var found []string
	for _, id := range transaction {
		if seen[id] > 0 {
			found = append(found, id.String())
		}
	}
	switch len(found) {
	case 0:
	case len(transaction):
		f.CommittedUnacked++
	default:
		f.Torn = append(f.Torn, found...)
	}
}

// Err returns nil if there is no violation. Otherwise the error names the kinds of violations, how
// many there are of each, and the ids.
func (f Findings) Err() error {
	var parts []string
	for _, violation := range []struct {
		kind string
		ids  []string
	}{
		{"lost (acknowledged but not in the file)", f.Lost},
		{"duplicated (in the file more than once)", f.Duplicated},
		{"rejected (in the file although the writer got an error)", f.Rejected},
		{"unexpected (in the file although no writer sent it)", f.Unexpected},
		{"torn (of a transaction that is in the file in part)", f.Torn},
		{"integrity_check", f.Integrity},
	} {
		if n := len(violation.ids); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", n, violation.kind, list(violation.ids)))
		}
	}
	if parts == nil {
		return nil
	}
	return fmt.Errorf("audit: %s", strings.Join(parts, "; "))
}

// list joins texts with spaces. It shows only the first few of a long list.
func list(texts []string) string {
	const shown = 10
	if len(texts) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(texts[:shown], " "), len(texts)-shown)
	}
	return strings.Join(texts, " ")
}
