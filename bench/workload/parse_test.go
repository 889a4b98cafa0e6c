package workload_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

func parse(text string) (*workload.Workload, error) {
	return workload.Parse("a.sql", text, sqlitedb.Complete)
}

func TestSections(t *testing.T) {
	w, err := parse(`-- A file. Its first words are no section.
-- connect
PRAGMA foreign_keys = on;

-- setup
/* a comment;
   of two lines */
CREATE TABLE orders(id); -- one; two
CREATE TRIGGER t AFTER INSERT ON orders BEGIN
	UPDATE orders SET id = ';'; -- still the trigger
END;
;
-- write weight=3 retry=writes
SELECT ';' AS "a;b"
	;INSERT INTO orders VALUES (:id)
-- write
DELETE FROM orders;
-- a comment at the end
-- read
SELECT 1;
-- check
SELECT 1, 1; SELECT 2,
	2;
`)
	if err != nil {
		t.Fatal(err)
	}
	want := &workload.Workload{
		Name:    "a.sql",
		Connect: []workload.Statement{{Line: 3, SQL: "PRAGMA foreign_keys = on;"}},
		Setup: []workload.Statement{
			{Line: 8, SQL: "CREATE TABLE orders(id);"},
			{Line: 9, SQL: "CREATE TRIGGER t AFTER INSERT ON orders BEGIN\n" +
				"\tUPDATE orders SET id = ';'; -- still the trigger\nEND;"},
		},
		Write: []workload.Write{
			{Weight: 3, KeepReads: true, Statements: []workload.Statement{
				{Line: 14, SQL: "SELECT ';' AS \"a;b\"\n\t;"},
				{Line: 15, SQL: "INSERT INTO orders VALUES (:id)"},
			}},
			{Weight: 1, Statements: []workload.Statement{{Line: 17, SQL: "DELETE FROM orders;"}}},
		},
		Read: []workload.Statement{{Line: 20, SQL: "SELECT 1;"}},
		Check: []workload.Statement{
			{Line: 22, SQL: "SELECT 1, 1;"}, {Line: 22, SQL: "SELECT 2,\n\t2;"},
		},
	}
	if diff := cmp.Diff(want, w); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNoStatementIsTakenForAComment(t *testing.T) {
	for _, sql := range []string{
		"EXPLAIN SELECT 1", "EXPLAIN", "CREATE", "CREATE TEMP", "EXPLAIN QUERY PLAN SELECT 1",
		"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", "END", "x", "'", "/",
	} {
		t.Run(sql, func(t *testing.T) {
			for _, end := range []string{"", ";", "\n;\n", " -- comment\n;"} {
				w, err := parse("-- write\n/* comment */ " + sql + end)
				if err == nil && (len(w.Write) != 1 || len(w.Write[0].Statements) != 1) {
					t.Errorf("with %q: %+v", end, w.Write)
				}
			}
		})
	}
}

func TestFilesOfOtherSystemsAreRead(t *testing.T) {
	w, err := parse("\uFEFF-- write\r\nSELECT 1;\r\nSELECT\r\n 2;\r\n")
	if err != nil || len(w.Write[0].Statements) != 2 || w.Write[0].Statements[1].Line != 3 {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestBadFilesAreRejectedWithTheLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `a.sql: no transaction; give one in a section that begins with the line ` +
			`"-- write"`},
		{"only setup", "-- setup\nSELECT 1;", "a.sql: no transaction"},
		{"no statement in a section", "-- write\n-- nothing to do\n;\n",
			"a.sql:1: -- write has no statement; give one, or leave the section out"},
		{"before a section", "-- A file.\n\nSELECT 1;\n-- write\nSELECT 1;",
			"a.sql:3: a statement before the first section; put a line before it: -- connect"},
		{"misspelt section", "-- setpu\nSELECT 1;",
			"a.sql:1: -- setpu is no section; did you mean -- setup?"},
		{"capitals", "-- WRITE\nSELECT 1;",
			"a.sql:1: -- WRITE is no section; did you mean -- write"},
		{"words after a section", "-- write\nSELECT 1;\n-- check all rows\n",
			`a.sql:3: unexpected "all" after -- check; a section begins with the line ` +
				"-- check alone"},
		{"words after write", "-- write orders\n",
			`a.sql:1: unexpected "orders" after -- write; it takes weight=N and retry=writes`},
		{"weight 0", "-- write weight=0\n", `a.sql:1: bad weight "0"; give a whole number from 1`},
		{"weight without a number", "-- write weight\n", `a.sql:1: bad weight ""; give`},
		{"other retries", "-- write retry=all\n", `a.sql:1: unexpected "retry=all"`},
		{"string without end", "-- write\nSELECT 1;\n\nSELECT 'a;\n;\n-- check\n",
			"a.sql:4: a statement does not end: a string, a comment or a CREATE TRIGGER"},
		{"comment without end", "-- write\nSELECT 1; /* a;\n", "a.sql:2: a statement does not end"},
		{"trigger without end", "-- setup\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\n",
			"a.sql:2: a statement does not end"},
		{"zero byte", "-- write\nSELECT 1;\x00\n", "a.sql:2: a zero byte; give text"},
		{"other encoding", "-- write\nSELECT '\xe9';\n", "a.sql:2: not UTF-8; give text"},
		{"large file", strings.Repeat("-\n", 40000), "a.sql has 80000 bytes; give at most 65536"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := parse(c.text)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("%+v, error is %v, want %s", w, err, c.want)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	for name, want := range map[string]workload.Parameter{
		":id":            {Kind: workload.ID},
		":n":             {Kind: workload.Number},
		":acknowledged":  {Kind: workload.Acknowledged},
		":random(-3,7)":  {Kind: workload.Random, A: -3, B: 7},
		":zipf(1,1)":     {Kind: workload.Zipf, A: 1, B: 1},
		":text(0)":       {Kind: workload.Text},
		":order_id":      {Name: "order_id"},
		":randomly":      {Name: "randomly"},
		":text(1000000)": {Kind: workload.Text, A: 1000000},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := workload.ParseParameter(name); err != nil || got != want {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestBadParametersAreRejected(t *testing.T) {
	const numbers = "give two whole numbers, the smaller first, as :random(1,100)"
	for name, want := range map[string]string{
		"":             `parameter "" has no name; there are :id, :n,`,
		"?1":           `parameter "?1" has no name`,
		"@id":          `parameter "@id" has no name`,
		"$id":          `parameter "$id" has no name`,
		":random":      "bad parameter :random; " + numbers,
		":random(9,1)": "bad parameter :random(9,1); " + numbers,
		":zipf(1)":     "bad parameter :zipf(1); " + numbers,
		":zipf(1,x)":   "bad parameter :zipf(1,x); " + numbers,
		":text(-1)":    "bad parameter :text(-1); give a whole number from 0 to 10000000",
		":text(1,2)":   "bad parameter :text(1,2); give a whole number",
		":zip(1,2)":    "unknown parameter :zip(1,2) (did you mean zipf?); there are :id",
		":id()":        "unknown parameter :id() (did you mean id?); there are :id",
		":a::b":        `parameter ":a::b" has no name`,
	} {
		t.Run(name, func(t *testing.T) {
			p, err := workload.ParseParameter(name)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%+v, error is %v, want %s", p, err, want)
			}
		})
	}
}

func TestDrawsAreWithinTheirBounds(t *testing.T) {
	s := workload.NewSource()
	s.Seed(1, 2)
	for _, name := range []string{
		":random(3,5)", ":random(-9223372036854775808,9223372036854775807)", ":zipf(3,5)",
		":zipf(-9223372036854775808,9223372036854775807)", ":random(7,7)",
	} {
		p, err := workload.ParseParameter(name)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int64]int{}
		for range 1000 {
			n := s.Int(p)
			if n < p.A || n > p.B {
				t.Fatalf("%s is %d", name, n)
			}
			seen[n]++
		}
		if width := p.B - p.A + 1; width > 0 && len(seen) != int(width) {
			t.Errorf("%s is one of %d numbers", name, len(seen))
		}
		if p.Kind == workload.Zipf && p.A == 3 && !(seen[3] > seen[4] && seen[4] > seen[5]) {
			t.Errorf("%s: %v", name, seen)
		}
	}
}

func TestASeedRepeatsTheDraws(t *testing.T) {
	s, p := workload.NewSource(), workload.Parameter{Kind: workload.Text, A: 25}
	draw := func(a, b uint64) string {
		s.Seed(a, b)
		return s.Text(p) + fmt.Sprint(s.Int(workload.Parameter{Kind: workload.Zipf, B: 1e9}))
	}
	if first := draw(1, 2); first != draw(1, 2) || first == draw(1, 3) || len(first) < 25 {
		t.Errorf("drew %q", first)
	}
}

func TestSectionsAreChosenByWeight(t *testing.T) {
	w := &workload.Workload{Write: []workload.Write{{Weight: 3}, {Weight: 1}, {Weight: 2}}}
	var chosen []int
	for n := range int64(6) {
		chosen = append(chosen, w.Choose(func(sum int64) int64 {
			if sum != 6 {
				t.Errorf("draws from %d", sum)
			}
			return n
		}))
	}
	if diff := cmp.Diff([]int{0, 0, 0, 1, 2, 2}, chosen); diff != "" {
		t.Error(diff)
	}
}

func TestAStatementIsFoundByItsLine(t *testing.T) {
	w, err := parse("-- write\nSELECT 1;\n-- write\nSELECT 2;\n-- read\nSELECT 3;")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]string{2: "SELECT 1;", 4: "SELECT 2;", 6: "SELECT 3;"} {
		if s := w.Statement(line); s == nil || s.SQL != want {
			t.Errorf("line %d: %+v", line, s)
		}
	}
	if w.Statement(1) != nil {
		t.Error("there is a statement in line 1")
	}
}

// The text of a place stands in comments, from which it is read again.
func TestAPlaceIsReadAgain(t *testing.T) {
	for _, place := range []workload.Place{{}, {Name: "insert orders", Line: 12}} {
		if got := workload.ParsePlace(place.String()); got != place {
			t.Errorf("place is %+v, want %+v", got, place)
		}
	}
	for _, text := range []string{"insert", "insert (line x)", "x (line 99999999999999999999)"} {
		if got := workload.ParsePlace(text); got != (workload.Place{}) {
			t.Errorf("%q is place %+v", text, got)
		}
	}
}
