package sqlitedb

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Ledger holds every row id that anybody tried to insert, and whether SQLite acknowledged it.
type Ledger map[uuid.UUID]bool

// Findings are what an audit found. But for Rows, all empty is what it should be.
type Findings struct {
	Rows      int      // in the file
	Lost      []string // acknowledged, but not in the file
	Duplicated   []string // in the file more than once
	Rejected   []string // in the file, though the writer was told that it failed
	Unexpected []string // in the file, but no writer sent it
	Torn      []string // of a transaction whose outcome nobody knows, that is in the file in part
	CommittedUnacked      int      // such transactions that are in it as a whole
	Integrity []string // what PRAGMA integrity_check says besides "ok"
}

// Audit holds the file against the ledger. No writer may be at work any more. The transactions whose outcome nobody knows, since their
// writers were killed, must be in the file as a whole or not at all. An error means
// that the file could not be read, which is worse than any finding.
func Audit(path string, ledger Ledger, unknown ...[]uuid.UUID) (Findings, error) {
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return Findings{}, fmt.Errorf("audit: %w", err)
	}
	defer db.Close()
	db.SetBusyTimeout(setupTimeout)
	var f Findings
	if f.Integrity, err = integrity(db); err != nil {
		return f, fmt.Errorf("audit %s: integrity_check: %w", path, err)
	}
	either := map[uuid.UUID]bool{}
	for _, transaction := range unknown {
		for _, id := range transaction {
			either[id] = true
		}
	}
	seen, err := f.rows(db, ledger, either)
	if err != nil {
		return f, fmt.Errorf("audit %s: %w", path, err)
	}
	for id, acknowledged := range ledger {
		if acknowledged && seen[id] == 0 {
			f.Lost = append(f.Lost, id.String())
		}
	}
	for _, transaction := range unknown {
		f.checkUnknown(transaction, seen)
	}
	return f, nil
}

func integrity(db *sqlite.Conn) (complaints []string, err error) {
	err = sqlitex.ExecuteTransient(db, "PRAGMA integrity_check", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			if line := stmt.ColumnText(0); line != "ok" {
				complaints = append(complaints, line)
			}
			return nil
		},
	})
	return complaints, err
}

// whole files the rows of a transaction that is in the file in part.
func (f *Findings) checkUnknown(transaction []uuid.UUID, seen map[uuid.UUID]int) {
	var there []string
	for _, id := range transaction {
		if seen[id] > 0 {
			there = append(there, id.String())
		}
	}
	switch len(there) {
	case 0:
	case len(transaction):
		f.CommittedUnacked++
	default:
		f.Torn = append(f.Torn, there...)
	}
}

// rows goes through the table, files each row that should not be there, and counts the ids. Some may be there or not.
func (f *Findings) rows(db *sqlite.Conn, ledger Ledger, either map[uuid.UUID]bool) (seen map[uuid.UUID]int, err error) {
	seen = make(map[uuid.UUID]int, len(ledger))
	query := fmt.Sprintf("SELECT substr(msg, 1, %d) FROM messages", idLength)
	err = sqlitex.ExecuteTransient(db, query, &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			text := stmt.ColumnText(0)
			id, err := uuid.Parse(text)
			acknowledged, sent := ledger[id]
			f.Rows++
			switch seen[id]++; {
			case err != nil || !sent && !either[id]:
				f.Unexpected = append(f.Unexpected, text)
			case seen[id] == 2:
				f.Duplicated = append(f.Duplicated, text)
			case !acknowledged && !either[id] && seen[id] == 1:
				f.Rejected = append(f.Rejected, text)
			}
			return nil
		},
	})
	return seen, err
}

// Err is nil where nothing is wrong, or else says what, how many and which ids.
func (f Findings) Err() error {
	var parts []string
	for _, kind := range []struct {
		what string
		ids  []string
	}{
		{"lost (acknowledged but not in the file)", f.Lost},
		{"doubled (in the file more than once)", f.Duplicated},
		{"in the file though refused", f.Rejected},
		{"in the file though never sent", f.Unexpected},
		{"in the file of transactions that are there in part", f.Torn},
		{"complaints of integrity_check", f.Integrity},
	} {
		if len(kind.ids) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", len(kind.ids), kind.what, truncated(kind.ids)))
		}
	}
	if parts == nil {
		return nil
	}
	return fmt.Errorf("audit: %s", strings.Join(parts, "; "))
}

// some joins the first few of many.
func truncated(all []string) string {
	const few = 10
	if len(all) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:few], " "), len(all)-few)
	}
	return strings.Join(all, " ")
}
