package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func TestTables(t *testing.T) {
	for name, path := range map[string]string{
		"table.golden":      "../testdata/sample.txt",
		"lockerrors.golden": "testdata/lockerrors.txt",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := snapshot.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := writeTables(&out, s); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(line); n > 101 {
					t.Errorf("a line has %d columns: %s", n-1, line)
				}
			}
			golden.Check(t, name, out.String())
		})
	}
}

// A snapshot with blame names the holders, below the lock errors and the long waits of each row.
func TestTablesNameTheHolders(t *testing.T) {
	text, err := os.ReadFile("testdata/lockerrors.txt")
	if err != nil {
		t.Fatal(err)
	}
	const (
		blamed = "#     meanwhile: 41 holders (median; max 60), longest 312ms: writer 12, " +
			"commit; lock held 23 %, idle 77 % of 10s\n"
		name  = "# BenchmarkBurst/exec=process/journal=delete/writers=12/busy=5s/txn=immediate: "
		waits = name + "12 of 84 attempts acknowledged after over 1s of waiting " +
			"(median 2s, max 4s)\n" + blamed
	)
	var lines strings.Builder
	for line := range strings.Lines(string(text)) {
		lines.WriteString(line)
		if strings.HasPrefix(line, "#   ") {
			lines.WriteString(blamed)
		}
	}
	path := filepath.Join(t.TempDir(), "blamed.txt")
	if err := os.WriteFile(path, []byte(lines.String()+waits), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeTables(&out, s); err != nil {
		t.Fatal(err)
	}
	const meanwhile = "\n  meanwhile: 41 holders (median; max 60), longest 312ms: writer 12, " +
		"commit; lock\n    held 23 %, idle 77 % of "
	for _, want := range []string{
		"\ndelete 5s upgrade: 64 of 64 lock errors, after 16.6µs" + meanwhile + "1m10s\n" +
			"wal 5s upgrade: ",
		"\ndelete 5s immediate: 12 of 84 attempts were acknowledged after over 1s of\n" +
			"  waiting (median 2s, max 4s)" + meanwhile + "10s\n\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
