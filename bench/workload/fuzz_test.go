package workload_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

// Whatever the text, the parser returns a workload or an error of one line that names the file. The
// statements are parts of the text, at their lines and in their order, and reach another process
// unchanged.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"-- write\nSELECT 1;", "-- write weight=2 retry=writes\nINSERT INTO a VALUES (:id, ';');\n",
		"-- setup\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\n-- write\nSELECT 1",
		"-- write\n/* ; */ SELECT [a;b], \"c;d\", `e;f` -- g;\n;;\n-- check\nSELECT 1,1",
		"-- connect\nPRAGMA a;\n-- read\nEXPLAIN SELECT 1;\n-- write\n\f SELECT\r\n1;",
		"\uFEFF-- x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := workload.Parse("a.sql", text, sqlitedb.Complete)
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "a.sql") || strings.Contains(s, "\n") {
				t.Errorf("error is %q", s)
			}
			return
		}
		sections := [][]workload.Statement{w.Connect, w.Setup, w.Read, w.Check}
		for _, s := range w.Write {
			sections = append(sections, s.Statements)
		}
		for _, s := range sections {
			requireStatements(t, text, s)
		}
		requireSameElsewhere(t, w)
	})
}

func requireStatements(t *testing.T, text string, statements []workload.Statement) {
	lines, last := strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n"), 0
	for _, s := range statements {
		first, _, _ := strings.Cut(s.SQL, "\n")
		if s.Line < 1 || s.Line > len(lines) || !strings.Contains(lines[s.Line-1], first) {
			t.Fatalf("line %d does not have %q", s.Line, first)
		}
		if s.Line < last {
			t.Errorf("line %d comes after line %d", s.Line, last)
		}
		if last = s.Line; !strings.Contains(text, s.SQL) || s.SQL == "" {
			t.Errorf("the text does not have %q", s.SQL)
		}
	}
}

func requireSameElsewhere(t *testing.T, w *workload.Workload) {
	encoded, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	back := &workload.Workload{Setup: w.Setup, Check: w.Check}
	if err := json.Unmarshal(encoded, back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, back); diff != "" {
		t.Errorf("in another process (-here +there):\n%s", diff)
	}
}

// Whatever the name, a parameter can be drawn or is rejected.
func FuzzParameter(f *testing.F) {
	for _, seed := range []string{":id", ":random(1,2)", ":zipf(-1,0)", ":text(9)", ":x(", "?1"} {
		f.Add(seed)
	}
	s := workload.NewSource()
	f.Fuzz(func(t *testing.T, name string) {
		p, err := workload.ParseParameter(name)
		switch {
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("error is %q", err)
		case err != nil:
		case p.Kind == workload.Random || p.Kind == workload.Zipf:
			if n := s.Int(p); n < p.A || n > p.B {
				t.Errorf("%s is %d", name, n)
			}
		case p.Kind == workload.Text && len(s.Text(p)) != int(p.A):
			t.Errorf("%s has another length", name)
		case p.Kind == workload.Column && fmt.Sprint(":", p.Name) != fmt.Sprint(":", name[1:]):
			t.Errorf("%s is column %q", name, p.Name)
		}
	})
}
