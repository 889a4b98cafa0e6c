package writer

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

const counterFile = `-- connect
PRAGMA foreign_keys = on;
-- setup
CREATE TABLE counter(n);
INSERT INTO counter VALUES (0);
-- write
SELECT n AS before FROM counter;
UPDATE counter SET n = :before + 1;
-- read
SELECT n FROM counter WHERE n >= :random(0,0);
-- check
SELECT n, :acknowledged FROM counter;
`

// newSQLTask returns a task on a new database of an SQL file.
func newSQLTask(t *testing.T, axes, text string) protocol.Task {
	t.Helper()
	s, err := scenario.Single(axes, "exec=goroutine journal=wal writers=1 sync=off conn=held")
	if err != nil {
		t.Fatal(err)
	}
	file, err := workload.Parse("a.sql", text, sqlitedb.Complete)
	if err == nil {
		err = sqlitedb.CheckFile(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.CreateFor(file, path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return protocol.Task{Scenario: s, Database: path, Seed: 1, SQL: file}
}

// runWriters runs writers of a task at once, for a number of attempts each.
func runWriters(t *testing.T, task protocol.Task, attempts int) []outcome.Series {
	t.Helper()
	all := make([]outcome.Series, task.Scenario.Writers)
	var group sync.WaitGroup
	for number := range all {
		task.Number = number
		w := newWriter(t, task)
		group.Go(func() {
			counted, left := false, attempts
			over := func() bool { left--; return counted && left <= 0 }
			all[number] = w.Run(sustainedUntil(clock.Now()), Tail{func() { counted = true }, over})
			closeWriter(t, w)
		})
	}
	group.Wait()
	return all
}

// Over every kind of connection and policy the transactions are those of the file, and none of
// their updates is lost.
func TestTransactionsOfAnSQLFile(t *testing.T) {
	for _, axes := range []string{
		"conn=fresh", "conn=held", "conn=pool", "conn=pool:2", "conn=mutex", "conn=writer",
		"txn=deferred busy=retry:5s", "txn=upgrade busy=retry:5s", "txn=exclusive batch=3",
		"journal=delete conn=fresh busy=queue:5s", "journal=delete txn=deferred busy=retry:5s",
		"conn=fresh busy=retry:5s payload=9", "busy=lease:4ms",
	} {
		t.Run(axes, func(t *testing.T) {
			task := newSQLTask(t, "writers=3 "+axes, counterFile)
			ledger, acknowledged, lines := sqlitedb.Ledger{}, 0, 0
			for _, s := range runWriters(t, task, 10) {
				for i, o := range s.Outcomes {
					if !o.Acknowledged() && !o.LockError() {
						t.Fatalf("%+v: %s", o, s.Messages[i])
					}
					for _, id := range s.Rows(i) {
						ledger[id] = o.Acknowledged()
						if o.Acknowledged() {
							acknowledged++
						}
					}
				}
				for _, statement := range s.Statements {
					lines += statement.Line * min(1, statement.Runs)
				}
			}
			if f, err := sqlitedb.Audit(task.Database, ledger); err != nil || f.Err() != nil {
				t.Errorf("audit: %v, %v", err, f.Err())
			}
			err := sqlitedb.RunChecks(task.Database, task.Scenario, task.SQL, acknowledged)
			if err != nil || acknowledged == 0 || lines%(7+8) != 0 || lines == 0 {
				t.Errorf("%d acknowledged, statements of lines %d: %v", acknowledged, lines, err)
			}
		})
	}
}

// A retry that does not read again loses updates of others, and the check finds it, although the
// ledger has all transactions.
func TestLostUpdatesAreFound(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		t.Run(journal, func(t *testing.T) {
			text := strings.Replace(counterFile, "-- write", "-- write retry=writes", 1)
			for attempts := 10; attempts < 100_000; attempts *= 3 {
				task := newSQLTask(t, "writers=4 txn=deferred busy=retry:5s journal="+journal, text)
				acknowledged := 0
				for _, s := range runWriters(t, task, attempts) {
					for _, o := range s.Outcomes {
						if o.Acknowledged() {
							acknowledged++
						}
					}
				}
				err := sqlitedb.RunChecks(task.Database, task.Scenario, task.SQL, acknowledged)
				if err != nil && strings.HasPrefix(err.Error(), "a.sql:12: check: n is ") {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			t.Error("no update was lost")
		})
	}
}

func TestAReaderOfAnSQLFile(t *testing.T) {
	task := newSQLTask(t, "readers=1", counterFile)
	task.Role = outcome.Reader
	r, err := NewReader(task)
	if err != nil {
		t.Fatal(err)
	}
	left := 3
	s := r.Run(burst, Tail{Over: func() bool { left--; return left == 0 }})
	if err := r.Close(); err != nil || len(s.Outcomes) != 3 {
		t.Errorf("%d reads, %v", len(s.Outcomes), err)
	}
}

// A file that does not fit the database is one error, and leaves no connection open.
func TestAFileThatDoesNotFitIsAnError(t *testing.T) {
	for _, conn := range []string{"held", "pool", "writer", "mutex"} {
		t.Run(conn, func(t *testing.T) {
			task := newSQLTask(t, "conn="+conn, counterFile)
			task.SQL.Connect[0].SQL = "SELECT * FROM other"
			_, err := New(task)
			if err == nil || !strings.Contains(err.Error(), "a.sql:2: ") ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// The spans of statements are kept only if the task asks for them.
func TestSpansOfStatements(t *testing.T) {
	for _, asked := range []bool{false, true} {
		t.Run(fmt.Sprint(asked), func(t *testing.T) {
			task := newSQLTask(t, "batch=2", counterFile)
			task.StatementSpans = asked
			series := runWriters(t, task, 3)[0]
			want := 0
			if asked {
				want = 4 * len(series.Outcomes)
			}
			if len(series.StatementSpans) != want {
				t.Fatalf("%d spans, want %d", len(series.StatementSpans), want)
			}
			spans := series.StatementSpans
			for _, o := range series.Outcomes {
				n := countUntil(spans, o.End)
				if asked && n != 4 {
					t.Fatalf("%d spans in an attempt, want 4", n)
				}
				for i, s := range spans[:n] {
					if s.Line != 7+i%2 || s.From < o.Start || s.To < s.From || s.To > o.End {
						t.Errorf("span %d is %+v in an attempt from %d to %d", i, s, o.Start, o.End)
					}
				}
				spans = spans[n:]
			}
		})
	}
}
