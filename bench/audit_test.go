package bench

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// A file that is not what the writers made of it must fail the round, with the id. The tampering
// bypasses every package of this project and uses the driver directly.
func TestTamperingBetweenRoundAndAuditIsFound(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		for _, c := range []struct{ name, script, want string }{
			{"untouched", "", ""},
			{"deleted", "DELETE FROM messages WHERE msg = '$id'", "lost"},
			{"inserted twice", "INSERT INTO messages(msg) VALUES ('$id')", "duplicated"},
			{"not from a writer", "INSERT INTO messages(msg) VALUES ('$new')", "unexpected"},
		} {
			t.Run(exec+"/"+c.name, func(t *testing.T) {
				r, db := setup(t, scenarioFor(t, "exec="+exec+" journal=wal writers=3 rows=2"))
				round, err := runOn(r.fleet, db, r.plan(env.Seed))
				if err != nil {
					t.Fatal(err)
				}
				id := round.Writers[1].IDs[0].String()
				if strings.Contains(c.script, "$new") {
					id = uuid.NewString()
				}
				tamper(t, db.path, strings.NewReplacer("$id", id, "$new", id).Replace(c.script))
				_, err = db.audit()
				if c.want == "" {
					if err != nil {
						t.Error(err)
					}
				} else if err == nil || !strings.Contains(err.Error(), c.want) ||
					!strings.Contains(err.Error(), id) {
					t.Errorf("audit returns %v, want %s and %s", err, c.want, id)
				}
			})
		}
	}
}

// The rows of a bulk insert are in the ledger, too.
func TestALostRowOfAnIntruderIsFound(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		t.Run(exec, func(t *testing.T) {
			s := scenarioFor(t, "exec="+exec+" journal=wal writers=2 batch=3 intruder=bulk:5")
			r, db := setup(t, s)
			round, err := runOn(r.fleet, db, r.plan(env.Seed))
			if err != nil {
				t.Fatal(err)
			}
			if rows, err := db.audit(); rows != 2*3+5 || err != nil {
				t.Errorf("the audit finds %d rows, %v", rows, err)
			}
			id := round.Intruders[0].IDs[4].String()
			tamper(t, db.path, "DELETE FROM messages WHERE msg = '"+id+"'")
			_, err = db.audit()
			if err == nil || !strings.Contains(err.Error(), "lost") ||
				!strings.Contains(err.Error(), id) {
				t.Errorf("audit returns %v", err)
			}
		})
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

// An outcome that is neither acknowledged nor a lock error ends the round with SQLite's text.
func TestOtherErrorsEndTheRound(t *testing.T) {
	r, db := setup(t, scenarioFor(t, "exec=process journal=delete writers=2"))
	tamper(t, db.path, "DROP TABLE messages")
	_, err := runOn(r.fleet, db, r.plan(env.Seed))
	if err == nil || !strings.Contains(err.Error(), "no such table: messages") ||
		!strings.Contains(err.Error(), "writer 1: open: SQLITE_ERROR") {
		t.Errorf("error is %v", err)
	}
}
