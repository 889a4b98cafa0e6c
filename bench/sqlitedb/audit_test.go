package sqlitedb

import (
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// alter runs SQL on a database behind the harness's back.
func alter(t *testing.T, path, script string) {
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
	first, stranger := ids[0].String(), newIDs(1)[0].String()
	for _, c := range []struct {
		name, script string
		refused      bool // whether the ledger has the first row as refused
		says         []string
	}{
		{name: "nothing"},
		{name: "lost", script: "DELETE FROM messages WHERE msg = '" + first + "'",
			says: []string{"1 lost", first}},
		{name: "lost all", script: "DELETE FROM messages",
			says: []string{"3 lost", ids[2].String()}},
		{name: "doubled", script: "INSERT INTO messages(msg) VALUES ('" + first + "')",
			says: []string{"1 doubled", first}},
		{name: "never sent", script: "INSERT INTO messages(msg) VALUES ('" + stranger + "')",
			says: []string{"1 in the file though never sent", stranger}},
		{name: "no id", script: "INSERT INTO messages(msg) VALUES ('hello')",
			says: []string{"1 in the file though never sent", "hello"}},
		{name: "refused", refused: true,
			says: []string{"1 in the file though refused", first}},
		{name: "two kinds", script: "UPDATE messages SET msg = '" + stranger + "' WHERE msg = '" + first + "'",
			says: []string{"1 lost", "never sent"}},
	} {
		path := create(t, scenarioOf(t, ""), ids...)
		if c.script != "" {
			alter(t, path, c.script)
		}
		ledger := Ledger{ids[0]: !c.refused, ids[1]: true, ids[2]: true}
		f, err := Audit(path, ledger)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := f.Err(); (err == nil) != (c.says == nil) {
			t.Errorf("%s: findings: %v", c.name, err)
			continue
		}
		for _, want := range c.says {
			if !strings.Contains(f.Err().Error(), want) {
				t.Errorf("%s: %q does not say %q", c.name, f.Err(), want)
			}
		}
	}
}

func TestAuditFindsADamagedFile(t *testing.T) {
	s := scenarioOf(t, "journal=delete")
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
		t.Error("a zeroed page went unnoticed")
	}
}

// A transaction whose outcome nobody knows is in the file as a whole or not at all.
func TestAuditOfUnknownTransactions(t *testing.T) {
	ids := newIDs(7)
	whole, torn, none, known := ids[0:2], ids[2:4], ids[4:6], ids[6]
	path := create(t, scenarioOf(t, ""), whole[0], whole[1], torn[1], known)
	f, err := Audit(path, Ledger{known: true}, whole, none)
	if err != nil || f.CommittedUnacked != 1 || len(f.Unexpected) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	f, err = Audit(path, Ledger{known: true}, whole, torn, none)
	if err != nil || f.CommittedUnacked != 1 || len(f.Torn) != 1 || f.Torn[0] != torn[1].String() || f.Err() == nil {
		t.Errorf("%+v, %v", f, err)
	}
	alter(t, path, "DELETE FROM messages WHERE msg = '"+torn[1].String()+"'")
	if f, err = Audit(path, Ledger{known: true}, whole, torn, none); err != nil || f.Err() != nil {
		t.Errorf("%+v, %v", f, err)
	}
	alter(t, path, "INSERT INTO messages(msg) VALUES ('"+whole[0].String()+"')")
	if f, err = Audit(path, Ledger{known: true}, whole); err != nil || len(f.Duplicated) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}
