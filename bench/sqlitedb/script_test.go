package sqlitedb

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// sqlTest is a database of an SQL file.
type sqlTest struct {
	*testing.T
	file *workload.Workload
	path string
	scenario.Scenario
}

func newSQLTest(t *testing.T, axes, text string) sqlTest {
	t.Helper()
	file := parseFile(t, text)
	if err := CheckFile(file); err != nil {
		t.Fatal(err)
	}
	s := newScenario(t, "sync=off "+axes).ForSQL()
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := CreateFor(file, path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return sqlTest{t, file, path, s}
}

// connect returns a connection that uses the file.
func (t sqlTest) connect() *Conn {
	t.Helper()
	c := connect(t.T, t.path, t.Scenario)
	if err := c.Use(t.file); err != nil {
		t.Fatal(err)
	}
	return c
}

// newRun returns what a transaction needs.
func (t sqlTest) newRun(number int) SQLRun {
	r := SQLRun{Number: number}
	for _, line := range t.file.Lines() {
		r.Times = append(r.Times, outcome.StatementTime{Line: line})
	}
	return r
}

// transact runs a transaction, which must succeed.
func (t sqlTest) transact(c *Conn, r SQLRun, ids ...uuid.UUID) {
	t.Helper()
	if trace, err := c.TransactSQL(clock.Now(), ids, r); err != nil || trace.Line != 0 {
		t.Fatalf("line %d: %v", trace.Line, err)
	}
}

// rows returns the rows of a query, as words.
func (t sqlTest) rows(c *Conn, query string) (rows []string) {
	t.Helper()
	err := sqlitex.ExecuteTransient(c.db, query, &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			var words []string
			for i := range stmt.ColumnCount() {
				words = append(words, columnValue(stmt, i).String())
			}
			rows = append(rows, strings.Join(words, " "))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The columns of the first row go to later statements, whatever their type, and NULL if there is
// no row.
func TestResultsReachLaterStatements(t *testing.T) {
	test := newSQLTest(t, "batch=2", `-- setup
CREATE TABLE kept(run, id, a, b, c, d, e);
-- write
SELECT 7 AS a, 0.5 AS b, 'text' AS c, x'0102' AS d UNION ALL SELECT 8, 1, '', x'';
SELECT 1 AS e WHERE 0;
INSERT INTO kept VALUES (:n, :id, :a, :b, :c, :d, :e) RETURNING a + 1 AS a;
UPDATE kept SET e = :a WHERE run = :n AND :n = 5;
`)
	c, ids := test.connect(), newIDs(4)
	test.transact(c, test.newRun(4), ids[:2]...)
	test.transact(c, test.newRun(6), ids[2:]...)
	var want []string
	for i, e := range []string{"NULL", "8", "NULL", "NULL"} {
		want = append(want, fmt.Sprintf(`%d %q 7 0.5 "text" a blob of 2 bytes %s`,
			4+i, ids[i], e))
	}
	if got := test.rows(c, "SELECT * FROM kept"); !slices.Equal(got, want) {
		t.Errorf("rows are %q\nwant %q", got, want)
	}
	if n := auditRows(t, test.path, ids); n != len(ids) {
		t.Errorf("the ledger has %d rows, want %d", n, len(ids))
	}
}

const drawing = `-- setup
CREATE TABLE drawn(a, b, c);
-- write
INSERT INTO drawn VALUES (:random(1,1000000), :random(1,1000000), :text(9));
INSERT INTO drawn VALUES (:random(1,1000000), :zipf(1,1000000), :text(8));
`

// Draws follow from the id. A parameter has one value in a statement, and another in the next.
func TestDrawsFollowFromTheID(t *testing.T) {
	ids := newIDs(2)
	var all [][]string
	for range 2 {
		test := newSQLTest(t, "batch=2", drawing)
		c := test.connect()
		test.transact(c, test.newRun(0), ids...)
		if n := test.rows(c, "SELECT count(*) FROM drawn WHERE a = b"); n[0] != "2" {
			t.Errorf("%s statements have one value for one parameter, want 2", n[0])
		}
		all = append(all, test.rows(c, "SELECT DISTINCT a FROM drawn"))
	}
	if !slices.Equal(all[0], all[1]) || len(all[0]) != 4 {
		t.Errorf("drew %q and %q", all[0], all[1])
	}
}

func TestSectionsAreRunByWeight(t *testing.T) {
	test := newSQLTest(t, "", "-- setup\nCREATE TABLE a(n);\n"+
		"-- write weight=3\nINSERT INTO a VALUES (3);\n-- write\nINSERT INTO a VALUES (1);\n")
	c, run := test.connect(), test.newRun(0)
	const runs = 400
	ids := newIDs(runs)
	for _, id := range ids {
		test.transact(c, run, id)
	}
	counts := test.rows(c, "SELECT count(*) FROM a GROUP BY n ORDER BY n")
	if more := test.rows(c, "SELECT sum(n = 3) > sum(n = 1) FROM a"); more[0] != "1" {
		t.Errorf("sections were run %q times", counts)
	}
	for i, line := range []int{4, 6} {
		if r := run.Times[i]; r.Line != line || fmt.Sprint(r.Runs) != counts[1-i] ||
			r.Duration < r.Max || r.Max == 0 || r.Wait != 0 {
			t.Errorf("statement of line %d: %+v, want %s runs", line, r, counts[1-i])
		}
	}
}

const counter = `-- setup
CREATE TABLE counter(n);
INSERT INTO counter VALUES (0);
-- write
SELECT n FROM counter;
UPDATE counter SET n = :n_read + 1;
-- check
SELECT n, :acknowledged FROM counter;
`

// counterFile returns a file of the counter. Its retries may leave out the SELECT.
func counterFile(options string) string {
	text := strings.Replace(counter, "SELECT n FROM", "SELECT n AS n_read FROM", 1)
	return strings.Replace(text, "-- write", "-- write"+options, 1)
}

// In a deferred transaction another one can write between the SELECT and the UPDATE. Then the
// UPDATE fails at once, and the outcome names it. A retry that reads again counts right, and one
// that does not loses the update of the other.
func TestARetryThatDoesNotReadAgainLosesAnUpdate(t *testing.T) {
	for _, c := range []struct {
		options string
		lost    bool
	}{{"", false}, {" retry=writes", true}} {
		t.Run("write"+c.options, func(t *testing.T) {
			test := newSQLTest(t, "journal=wal busy=none txn=deferred", counterFile(c.options))
			mine, other := test.connect(), test.connect()
			ids, run := newIDs(2), test.newRun(0)
			interrupt(t, mine, func() { test.transact(other, test.newRun(0), ids[1]) })
			trace, err := mine.TransactSQL(clock.Now(), ids[:1], run)
			if ResultCode(err) != outcome.BusySnapshot || trace.Line != 6 ||
				trace.Phase != outcome.Insert || trace.LockAcquired != 0 {
				t.Fatalf("%+v, %v; want SQLITE_BUSY_SNAPSHOT in line 6", trace, err)
			}
			test.transact(mine, run, ids[0])
			if update := run.Times[1]; update.Runs != 2 || update.LockErrors != 1 {
				t.Errorf("time of the UPDATE is %+v", update)
			}
			err = RunChecks(test.path, test.Scenario, test.file, 2)
			if want := "a.sql:8: check: n is 1, want 2 (after 2 acknowledged runs)"; c.lost &&
				(err == nil || err.Error() != want) || !c.lost && err != nil {
				t.Errorf("error is %v, want %s if an update is lost", err, want)
			}
		})
	}
}

// interrupt calls f once while a connection runs its SELECT.
func interrupt(t *testing.T, c *Conn, f func()) {
	t.Helper()
	routine, err := c.script.routine(0)
	if err != nil {
		t.Fatal(err)
	}
	err = c.db.CreateFunction("interrupt", &sqlite.FunctionImpl{
		Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
			if f != nil {
				call := f
				f = nil
				call()
			}
			return sqlite.IntegerValue(1), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	stmt, err := c.db.Prepare("SELECT n AS n_read FROM counter WHERE interrupt() AND n >= 0")
	if err != nil {
		t.Fatal(err)
	}
	routine.steps[0].stmt = stmt
}

// The write lock is recorded as acquired by the statement that acquires it, not before, and not by
// one that reads.
func TestTheLockIsAcquiredByTheFirstStatementThatWrites(t *testing.T) {
	for _, txn := range []string{"deferred", "immediate", "auto", "upgrade", "exclusive"} {
		for _, journal := range []string{"delete", "wal"} {
			t.Run(txn+"/"+journal, func(t *testing.T) {
				test := newSQLTest(t, "journal="+journal+" txn="+txn, counterFile(""))
				c, before := test.connect(), clock.Now()
				trace, err := c.TransactSQL(clock.Now(), newIDs(1), test.newRun(0))
				if err != nil {
					t.Fatal(err)
				}
				requireOrder(t, before, trace, clock.Now())
			})
		}
	}
}

// A writer that waits for the lock knows since when, and in which statement it failed.
func TestWaitsOfStatements(t *testing.T) {
	test := newSQLTest(t, "journal=wal busy=20ms txn=deferred",
		"-- setup\nCREATE TABLE a(n);\n-- write\nSELECT 1;\nINSERT INTO a VALUES (1);")
	c, other := test.connect(), connect(t, test.path, test.Scenario)
	if err := other.BeginImmediate(); err != nil {
		t.Fatal(err)
	}
	run := test.newRun(0)
	trace, err := c.TransactSQL(clock.Now(), newIDs(1), run)
	if ResultCode(err) != outcome.Busy || trace.Line != 5 || trace.WaitStart == 0 ||
		trace.LockWait < int64(20*time.Millisecond) || strings.Contains(err.Error(), "a.sql") {
		t.Errorf("%+v, %v", trace, err)
	}
	if r := run.Times[1]; r.LockErrors != 1 || r.Wait < int64(20*time.Millisecond) ||
		r.Duration < r.Wait {
		t.Errorf("time of the INSERT is %+v", r)
	}
}

func TestOtherErrorsNameTheLine(t *testing.T) {
	test := newSQLTest(t, "", "-- setup\nCREATE TABLE a(n UNIQUE);\n-- write\n"+
		"INSERT INTO a SELECT count(*) FROM a WHERE :n <> 9 OR n = 9;")
	c := test.connect()
	test.transact(c, test.newRun(0), newIDs(1)...)
	id := newIDs(1)
	_, err := c.TransactSQL(clock.Now(), id, test.newRun(9))
	if err == nil || !strings.HasPrefix(err.Error(), "a.sql:4: constraint failed: UNIQUE") ||
		ResultCode(err).Primary() != 19 {
		t.Errorf("error is %v", err)
	}
	if n := test.rows(c, "SELECT count(*) FROM messages"); n[0] != "1" {
		t.Errorf("the ledger has %s rows, want 1", n[0])
	}
}

func TestConnectionsRunTheirSection(t *testing.T) {
	test := newSQLTest(t, "", "-- connect\nPRAGMA foreign_keys = on;\n-- write\nSELECT 1;")
	c := test.connect()
	if on, err := c.Pragma("foreign_keys"); err != nil || on != "1" {
		t.Errorf("foreign_keys is %s, %v", on, err)
	}
	r, err := ConnectReader(test.path, test.Scenario, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Use(test.file); err != nil || r.script != nil {
		t.Errorf("a reader of a file without -- read has %v, %v", r.script, err)
	}
	if on, err := pragma(r.db, "foreign_keys", ""); err != nil || on != "1" {
		t.Errorf("foreign_keys of a reader is %s, %v", on, err)
	}
}

func TestReadersRunTheirSection(t *testing.T) {
	for _, read := range []string{"point", "hold:1ms"} {
		t.Run(read, func(t *testing.T) {
			test := newSQLTest(t, "readers=1 read="+read, "-- setup\nCREATE TABLE a(n);\n"+
				"-- write\nINSERT INTO a VALUES (1);\n"+
				"-- read\nSELECT count(*) AS rows FROM a;\n"+
				"SELECT max(n), :rows, :text(3), :n FROM a;")
			r, err := ConnectReader(test.path, test.Scenario, rand.New(rand.NewPCG(1, 1)))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if err := r.Use(test.file); err != nil {
				t.Fatal(err)
			}
			held := time.Duration(0)
			hold := func(d time.Duration) { held += d }
			if trace, _, err := r.Read(clock.Now(), hold); err != nil || trace.Line != 0 ||
				held != test.Read.Hold {
				t.Errorf("held %v, %+v, %v", held, trace, err)
			}
			if err := execute(connect(t, test.path, test.Scenario).db, "DROP TABLE a"); err != nil {
				t.Fatal(err)
			}
			trace, _, err := r.Read(clock.Now(), hold)
			if err == nil || !strings.HasPrefix(err.Error(), "a.sql:6: ") || trace.Line != 6 {
				t.Errorf("line %d, error is %v", trace.Line, err)
			}
		})
	}
}

// A file whose setup fails is an error with its line, although the check has run it in memory.
func TestAFailedSetupNamesTheLine(t *testing.T) {
	file := parseFile(t, "-- setup\nSELECT 1;\nINSERT INTO a VALUES (1);\n-- write\nSELECT 1;")
	path := filepath.Join(t.TempDir(), "messages.db")
	err := CreateFor(file, path, newScenario(t, ""), slices.Values([]uuid.UUID(nil)))
	if err == nil || !strings.Contains(err.Error(), "a.sql:3: no such table: a") {
		t.Errorf("error is %v", err)
	}
}
