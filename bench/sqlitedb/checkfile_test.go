package sqlitedb

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/bench/workload"
)

func parseFile(t *testing.T, text string) *workload.Workload {
	t.Helper()
	file, err := workload.Parse("a.sql", text, Complete)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestStatementsGetNames(t *testing.T) {
	file := parseFile(t, `-- setup
CREATE TABLE orders(id INTEGER PRIMARY KEY, n);
CREATE TABLE log(n);
CREATE TRIGGER added AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.n); END;
-- write
SELECT 1 AS one;
SELECT max(n) AS n FROM orders;
INSERT INTO orders(n) SELECT n FROM log UNION SELECT 1;
INSERT INTO orders(id, n) VALUES (1, 2) ON CONFLICT DO UPDATE SET n = n + 1;
UPDATE orders SET n = 2 WHERE id = 1 RETURNING n;
DELETE FROM log;
-- read
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 9) SELECT max(n) FROM c;
`)
	if err := CheckFile(file); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range append(file.Write[0].Statements, file.Read...) {
		name := s.Name
		if s.ReadsOnly {
			name += " (reads)"
		}
		got = append(got, name)
	}
	const want = "select (reads), select orders (reads), insert orders, insert orders, " +
		"update orders, delete log, select (reads)"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("names are %s\nwant %s", text, want)
	}
}

// Each file is wrong in one line, and the error says which, and what would be right.
func TestWrongFilesAreRejectedWithTheLine(t *testing.T) {
	const setup = "-- setup\nCREATE TABLE a(n INTEGER PRIMARY KEY);\n" // two lines
	for _, c := range []struct{ name, text, want string }{
		{"syntax", "-- write\nSELECT 1;\nSELECT\n  2 FORM a;", `a.sql:4: near "a"`},
		{"missing table", setup + "-- write\nINSERT INTO b VALUES (1);",
			"a.sql:4: no such table: b"},
		{"missing column in setup", setup + "INSERT INTO a(m) VALUES (1);",
			"a.sql:3: table a has no column named m"},
		{"misspelt parameter", "-- write\nSELECT :randum(1,2);",
			"a.sql:2: unknown parameter :randum(1,2) (did you mean random?); there are :id, :n,"},
		{"parameter that no column has", "-- write\nSELECT 1 AS balance;\nSELECT :balanec;",
			"a.sql:3: unknown parameter :balanec (did you mean balance?)"},
		{"column of a later statement", "-- write\nSELECT :total;\nSELECT 1 AS total;",
			"a.sql:2: unknown parameter :total"},
		{"column of another section", "-- write\nSELECT 1 AS total;\n-- write\nSELECT :total;",
			"a.sql:4: unknown parameter :total"},
		{"column that hides the id", "-- write\nSELECT 1 AS id;\nSELECT :id;",
			"a.sql:3: parameter :id is also a column of a statement before; rename the column, " +
				"such as by AS my_id"},
		{"number of a parameter", "-- write\nSELECT ?1;", `a.sql:2: parameter "?1" has no name`},
		{"spaces in a parameter", "-- write\nSELECT :random(1, 2);",
			`a.sql:2: unrecognized token: ":random(1,"; a parameter has no spaces`},
		{"BEGIN", "-- write\nSELECT 1;\nBEGIN;", "a.sql:3: BEGIN in a section; leave it out: " +
			"the axis txn says how the transaction of a section begins"},
		{"COMMIT", "-- read\nCOMMIT;\n-- write\nSELECT 1;", "a.sql:2: COMMIT in a section"},
		{"END", "-- write\nEND;", "a.sql:2: COMMIT in a section"},
		{"ROLLBACK", "-- setup\nROLLBACK;\n-- write\nSELECT 1;", "a.sql:2: ROLLBACK in a section"},
		{"savepoint", "-- write\nSAVEPOINT x;", "a.sql:2: a savepoint in a section; leave it out"},
		{"end by a conflict", setup + "-- write\nINSERT OR ROLLBACK INTO a VALUES (1);",
			"a.sql:4: constraint failed: UNIQUE constraint failed: a.n"},
		{"attached file", "-- write\nATTACH ':memory:' AS b;",
			"a.sql:2: a section uses another file, which would not be audited"},
		{"axis as a pragma", "-- connect\nPRAGMA journal_mode = wal;\n-- write\nSELECT 1;",
			"a.sql:2: PRAGMA journal_mode in the file; leave it out, and give the axis journal"},
		{"own table of the ledger", "-- setup\nCREATE TABLE messages(a);\n-- write\nSELECT 1;",
			"a.sql:2: table messages already exists; that is the table of the " +
				"ledger, so name yours otherwise"},
		{"the same, perhaps", "-- setup\nCREATE TABLE IF NOT EXISTS messages(a);\n-- write\n" +
			"SELECT 1;", "a.sql:2: messages is the table of the ledger, which only busybench"},
		{"change of the ledger", "-- write\nDELETE FROM messages;",
			"a.sql:2: messages is the table of the ledger"},
		{"row that a second run violates", setup + "-- write\nINSERT INTO a VALUES (1);",
			"a.sql:4: constraint failed: UNIQUE constraint failed: a.n"},
		{"change in a read", setup + "-- write\nSELECT 1;\n-- read\nDELETE FROM a;",
			"a.sql:6: delete a in -- read; give a SELECT"},
		{"id in a read", "-- write\nSELECT 1;\n-- read\nSELECT :id;",
			"a.sql:4: parameter :id has no value in this section"},
		{"change in a check",
			setup + "-- write\nSELECT 1;\n-- check\nDELETE FROM a RETURNING 1, 1;",
			"a.sql:6: delete a in -- check; give a SELECT"},
		{"acknowledged in a transaction", "-- write\nSELECT :acknowledged;",
			"a.sql:2: parameter :acknowledged has no value in this section"},
		{"random in a check", "-- write\nSELECT 1;\n-- check\nSELECT 1, abs(RANDOM()) < 0;",
			"a.sql:4: random() may return another result at another time; check what is in the " +
				"file"},
		{"time in a check", "-- write\nSELECT 1;\n-- check\nSELECT 1, CURRENT_TIMESTAMP > 0;",
			"a.sql:4: current_timestamp() may return another result at another time"},
		{"time in a view of a check", "-- setup\nCREATE VIEW v AS SELECT unixepoch() AS t;\n" +
			"-- write\nSELECT 1;\n-- check\nSELECT 1, t > 0 FROM v;",
			"a.sql:6: unixepoch() may return another result at another time"},
		{"draw in a check", "-- write\nSELECT 1;\n-- check\nSELECT 1, :random(1,1);",
			"a.sql:4: unknown parameter :random(1,1)"},
		{"check of one column", "-- write\nSELECT 1;\n-- check\nSELECT 1;",
			"a.sql:4: a check with 1 column; give two, which must be equal, as SELECT sum(n)"},
		{"check without a row", "-- write\nSELECT 1;\n-- check\nSELECT 1, 1 WHERE 0;",
			"a.sql:4: check: the query returns no row"},
		{"check that one writer violates", "-- write\nSELECT 1;\n-- check\nSELECT 1 AS one, 1;" +
			"SELECT\n3 AS three, :acknowledged;",
			"a.sql:4: check: three is 3, want 2 (after 2 acknowledged runs)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := c.text
			if !strings.Contains(text, "-- write") {
				text += "\n-- write\nSELECT 1;"
			}
			err := CheckFile(parseFile(t, text))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestValuesOfAResultAreEqual(t *testing.T) {
	for columns, want := range map[string]bool{
		"1, 1.0": true, "1, 1": true, "'a', 'a'": true, "NULL, NULL": true, "x'00', x'00'": true,
		"1, '1'": false, "1, 2": false, "1, NULL": false, "'a', x'61'": false, "0.5, 0.25": false,
	} {
		t.Run(columns, func(t *testing.T) {
			file := parseFile(t, "-- write\nSELECT 1;\n-- check\nSELECT "+columns+";")
			if err := CheckFile(file); (err == nil) != want {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// In a schema SQLite requires that functions of the time depend on their arguments alone.
func TestAGeneratedColumnMayHaveADate(t *testing.T) {
	s := newScenario(t, "journal=wal")
	file := parseFile(t, "-- setup\nCREATE TABLE a(n TEXT, day AS (date(n)));\n"+
		"CREATE INDEX a_by_day ON a(date(n));\nINSERT INTO a(n) VALUES ('2026-01-02 03:04:05');\n"+
		"-- write\nSELECT 1;\n-- check\nSELECT day, '2026-01-02' FROM a;")
	if err := CheckFile(file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.db")
	if err := CreateFor(file, path, s, slices.Values(newIDs(0))); err != nil {
		t.Fatal(err)
	}
	if err := RunChecks(path, s, file, 0); err != nil {
		t.Error(err)
	}
}

// The table of the ledger has a row for each run.
func TestAFileMayReadTheLedger(t *testing.T) {
	file := parseFile(t, "-- write\nSELECT 1;\n"+
		"-- check\nSELECT count(*), :acknowledged FROM messages;")
	if err := CheckFile(file); err != nil {
		t.Error(err)
	}
}
