package bench

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// A file that is not what the writers made of it must fail the round, with the id. The
// tampering goes past every room of this project, straight to the driver.
func TestTamperingBetweenRoundAndAuditIsFound(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		s := scenarioFor(t, "exec="+exec+" journal=wal writers=3 rows=2")
		stranger := uuid.NewString()
		for _, c := range []struct{ script, says string }{
			{"", ""},
			{"DELETE FROM messages WHERE msg = $first", "lost"},
			{"INSERT INTO messages(msg) VALUES ($first)", "duplicated"},
			{"INSERT INTO messages(msg) VALUES ($stranger)", "unexpected"},
		} {
			r, db := setup(t, s)
			round, err := runOn(r.fleet, db, r.plan(env.Seed))
			if err != nil {
				t.Fatal(err)
			}
			first := round.Writers[1].IDs[0].String()
			named := first
			if strings.Contains(c.script, "$stranger") {
				named = stranger
			}
			quote := strings.NewReplacer("$first", "'"+first+"'", "$stranger", "'"+stranger+"'")
			tamper(t, db.path, quote.Replace(c.script))
			_, err = db.audit()
			switch {
			case c.says == "" && err != nil:
				t.Errorf("%s: untouched file: %v", exec, err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), named)):
				t.Errorf("%s: %s: audit says %v, want %s and %s", exec, c.script, err, c.says, named)
			}
		}
	}
}

func tamper(t *testing.T, path, script string) {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := sqlitex.ExecuteScript(conn, script, nil); err != nil {
		t.Fatal(err)
	}
}

// Anything but an acknowledgement or a lock error is no data: it ends the round with its text.
func TestOtherErrorsEndTheRound(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=delete writers=2")
	r, db := setup(t, s)
	tamper(t, db.path, "DROP TABLE messages")
	_, err := runOn(r.fleet, db, r.plan(env.Seed))
	if err == nil || !strings.Contains(err.Error(), "no such table: messages") || !strings.Contains(err.Error(), "writer 1: open: SQLITE_ERROR") {
		t.Errorf("error is %v", err)
	}
}
