package sqlitedb

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// runScript runs SQL on a database over a connection of its own.
func runScript(t *testing.T, path, script string) {
	t.Helper()
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := sqlitex.ExecuteScript(db, script, nil); err != nil {
		t.Fatal(err)
	}
}

func TestAuditFindsEachKindOfViolation(t *testing.T) {
	ids := newIDs(3)
	first, other := ids[0].String(), newIDs(1)[0].String()
	for _, c := range []struct {
		name, script string
		rejected     bool     // whether the ledger has the first row as rejected
		want         []string // in the error; nil if there is none
	}{
		{name: "no violation"},
		{
			name:   "one acknowledged row is missing",
			script: "DELETE FROM messages WHERE msg = '" + first + "'",
			want:   []string{"1 lost (acknowledged but not in the file): " + first},
		},
		{
			name:   "all acknowledged rows are missing",
			script: "DELETE FROM messages",
			want:   []string{"3 lost (acknowledged but not in the file): ", ids[2].String()},
		},
		{
			name:   "a row is in the file twice",
			script: "INSERT INTO messages(msg) VALUES ('" + first + "')",
			want:   []string{"1 duplicated (in the file more than once): " + first},
		},
		{
			name:   "a row has an id that no writer sent",
			script: "INSERT INTO messages(msg) VALUES ('" + other + "')",
			want:   []string{"1 unexpected (in the file although no writer sent it): " + other},
		},
		{
			name:   "a row has no id",
			script: "INSERT INTO messages(msg) VALUES ('hello')",
			want:   []string{"1 unexpected (in the file although no writer sent it): hello"},
		},
		{
			name:     "a row is in the file although its writer got an error",
			rejected: true,
			want: []string{
				"1 rejected (in the file although the writer got an error): " + first,
			},
		},
		{
			name:   "one row is replaced by another",
			script: "UPDATE messages SET msg = '" + other + "' WHERE msg = '" + first + "'",
			want:   []string{"1 lost (", "; 1 unexpected ("},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := create(t, newScenario(t, ""), ids...)
			if c.script != "" {
				runScript(t, path, c.script)
			}
			f, err := Audit(path, Ledger{ids[0]: !c.rejected, ids[1]: true, ids[2]: true})
			if err != nil {
				t.Fatal(err)
			}
			err = f.Err()
			if (err == nil) != (c.want == nil) {
				t.Fatalf("findings are %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not contain %q", err, want)
				}
			}
		})
	}
}

func TestAuditOfAFileWithAZeroedPageFails(t *testing.T) {
	s := newScenario(t, "journal=delete")
	ids := newIDs(500) // several pages
	path := create(t, s, ids...)
	ledger := Ledger{}
	for _, id := range ids {
		ledger[id] = true
	}
	overwrite(2*4096, strings.Repeat("\x00", 4096))(t, path)
	f, err := Audit(path, ledger)
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		t.Error("neither Audit nor its findings are an error")
	}
}

func TestErrorOfFindingsNamesTheIntegrityCheck(t *testing.T) {
	f := Findings{Integrity: []string{"row 7 missing from index i", "wrong # of entries"}}
	want := "audit: 2 integrity_check: row 7 missing from index i wrong # of entries"
	if err := f.Err(); err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// The transaction in flight of a killed writer is in the file in full or not at all.
func TestAuditOfTransactionsInFlight(t *testing.T) {
	ids := newIDs(7)
	full, torn, absent, acknowledged := ids[0:2], ids[2:4], ids[4:6], ids[6]
	ledger := Ledger{acknowledged: true}
	path := create(t, newScenario(t, ""), full[0], full[1], torn[1], acknowledged)
	audit := func(inFlight ...[]uuid.UUID) Findings {
		t.Helper()
		f, err := Audit(path, ledger, inFlight...)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := audit(full, absent); f.CommittedUnacked != 1 || len(f.Unexpected) != 1 {
		t.Errorf("with a row of a transaction that is not in flight: %+v", f)
	}
	f := audit(full, torn, absent)
	if f.CommittedUnacked != 1 || len(f.Torn) != 1 || f.Torn[0] != torn[1].String() {
		t.Errorf("with a transaction in part: %+v", f)
	}
	want := "1 torn (of a transaction that is in the file in part): " + torn[1].String()
	if err := f.Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("with a transaction in part: error is %v, want %s", err, want)
	}
	runScript(t, path, "DELETE FROM messages WHERE msg = '"+torn[1].String()+"'")
	if f := audit(full, torn, absent); f.Err() != nil {
		t.Errorf("with all transactions in full or absent: %+v", f)
	}
	runScript(t, path, "INSERT INTO messages(msg) VALUES ('"+full[0].String()+"')")
	if f := audit(full); len(f.Duplicated) != 1 {
		t.Errorf("with a row twice: %+v", f)
	}
}
